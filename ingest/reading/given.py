"""Given names heard in the UK, of many backgrounds: a listed name is a sign that a word names a
person, but not enough by itself.

In a text without capitals ("kayleigh back at 2") the list is the only sign. The list was written
for this project.
"""

from functools import cache

from domain.forms.patterns import words

_NAMES = """
aaliyah aamir aaron abbas abbie abby abdi abdirahman abdul abdullah abdulrahman abi abid abida
abigail abiola abraham abu ada adam adama adamu adeel adele adeola adil aditi aditya adnan adrian
afzal agata agnes agnieszka ahmad ahmed aidan aiden aileen aimee aisha aisling aiyana ajay akash
akeem akhtar akram alan alana alasdair alastair albert ale alec aleena alejandro aleks aleksandra
aleksander alena alesha alessia alex alexa alexander alexandra alexandru alexia alexis alfie
alfred ali alia alice alicia alicja alisha alison alistair alisa alina aliyah allan allen ally
alma alok althea alun alyssa amaan amal amanda amandeep amani amar amara amber ameer amelia amelie
amen amin amina aminah aminata amir amira amit amna amrit amy ana anastasia andre andrea andrei
andrew andrzej andy aneesa aneta angel angela angelina angie anil anila anisa anisah anita anjali
ann anna annabel annabelle anne annette annie annika ansar anthony antoni antonia antonio antony
anton anum anwar anya aoife april aqib aqsa arabella archie aria arianna ariana arif arjun arlo
arman arnold aroush arron arshad arthur artur arun arya asad asha ashan ashfaq ashleigh ashley
ashlee ashlyn ashraf asif asim asma atif atiq aubrey audrey aurora austin ava axel aya ayaan
ayesha ayaz ayla ayo aysha azad azam azeem azhar aziz azra babar baljit baljinder barbara barney
barry bartek bartosz bashir basil basit beata beatrice becca becky belinda bella ben benedict
benjamin bernadette bernard bernie beryl bess beth bethan bethany betsy betty beverley beverly bev
bianca bibi bilal bilaal bill billie billy bisma blake blessing bob bobbi bobbie bobby bogdan
boris brad bradley brandon brayden brenda brendan brendon brett brian bridget bronagh brogan
bronwen bronwyn brooke brooklyn bruce bruno bryan bryn bryony byron cade caitlin caitlyn caleb
callie callum calum calvin cameron camilla cara carina carl carla carlos carly carlo carmel carmen
carol carole caroline carolyn carrie carson casey casper cassandra cassie cassidy catalin
catherine cathy catriona cecilia cedric celeste celia celine cerys chad chanel chantal chantelle
chardonnay charis charlene charles charley charlie charlotte charmaine chelsea chelsey chelsie
cherie cherish cherry cheryl chester cheyenne chibuzo chidi chinedu chinonso chiara chioma chloe
chris chrissie christa christian christina christine christopher christy ciara cian ciaran cillian
cindy claire clare clara clarissa claudia claudiu clayton clement cleo clifford clifton clint
clinton clive clodagh clyde coby cody cohen colette colin colleen connie connor conor constance
constantin cora coral corey corinne cory cormac cosmin courtney craig cristian cristina crystal
curtis cynthia cyrus czeslaw dafydd daisy dale dalia damian damien damion damon dan dana daniel
daniela daniella danielle danika danish danni danny dante danuta daphne darcey darcy daria darius
dariusz darnell darragh darrel darrell darren darryl daryl dave david davina dawid dawn dawud dean
deana deanna deanne deborah debbie debra declan deepa deepak deirdre delia delilah demetrius demi
denis denise dennis denzel denzil derek dermot derrick desiree desmond destiny dev devon dexter
diana diane dianne dillon dilys dimitri dina dinesh diljit dion dionne divya dmitri dolores
dominic dominik dominika donald donna donovan doreen doris dorian dorota dorothy dougal douglas
dragos duane duncan dwayne dylan eamon eamonn earl ebony eddie eddy eden edgar edith edmund edna
edward edwin eesa effie efe eileen eilidh eimear eira elaine eleanor elena eleni eli eliana elias
elijah elin elisa elisabeth elise elisha eliza elizabeth ella elle ellen ellie elliot elliott
ellis elodie eloise elouise elsa elsie elton elvis elysia ema emeka emily emilia emilie emma
emmanuel emmanuella emre enid enoch enrique eoin eric erica erik erika erin ernest errol esa esha
esme esmee esmeralda esther ethan ethel eugene eunice eva evan evangeline eve evelyn evie ewa ewan
ewelina ezekiel ezra fabian fahad fahim faisal faith faiza faizan faizal fallon farah fareed
farhad farhan farhana farida farooq farrah farzana fatima fatimah fatou fatma fay faye fazal
felicity felix fergus fern fernando filip finlay finley finn fiona fionn fletcher fleur flora
florence florin folake frances francesca francis francisco frank frankie franklin fraser freddie
freddy frederick freya gabriel gabriela gabriella gabrielle gail gareth garfield garry garth gary
gavin gayle gemma geoff geoffrey george georgia georgie georgina gerald geraldine gerard germaine
gheorghe ghazala giles gill gillian gina ginny giorgio giovanni gladys glen glenda glenn glenys
gloria gordon grace gracie graeme graham grant grayson greg gregor gregory greta grzegorz
guillermo gulzar gurdeep gurpreet gurjit gus guy gwen gwyneth habib hadi hadiya hafsa hafiz haider
hakeem hakim halima hallie hamid hamish hamza hana hanan hanna hannah hans haris harjit harley
harmony harold haroon harper harpreet harriet harris harrison harry haruna harvey hasan haseeb
hashim hasnain hassan hattie havana hayden hayley hazel heath heather heba hector heidi helen
helena helga henrietta henry herbert hettie hevin hilary hilda hina hollie holly honey hope horace
howard hubert hudson hugh hugo humaira humza hunter hussain hussein hywel iain ian ibrahim
ibraheem idris ieuan ifeoma ifan iftikhar iga ike ikra iman imani imogen imran imtiaz ina india
indie indiana inderjit ines ingrid iona ionut iqbal iqra ira irene irfan irina iris irma isa isaac
isabel isabella isabelle isha ishaan ishmael isla ismail ismael isobel isra issa isaiah israr ivan
ivana ivor ivy iwona izaak izabela izzy jack jackie jackson jacob jacqueline jacqui jade jaden
jagdeep jahangir jai jaime jake jakob jakub jamal jamaal jameel james jamelia jamie jamil jamila
jan jana jane janet janice janine janusz jared jarek jaroslaw jasbir jasmin jasmine jason jasper
jaspreet jasvinder jatinder javed javier jaxon jaxson jay jayda jayden jaydon jayesh jayne jean
jeanette jed jeff jefferson jeffrey jemima jemma jen jenna jennie jennifer jenny jensen jeremiah
jeremy jermaine jerome jerry jess jesse jessica jessie jeevan jia jibril jill jillian jim jimmy jo
joan joanna joanne joaquin jocelyn jodi jodie jody joe joel joey johan john johnathan johnny
johnson jojo jolene jon jonah jonas jonathan jonny jools jordan jordanne jorge jose joseph
josephine josh joshua josie joy joyce juan juanita jude judith judy julia julian julie juliet
juliette julio june junaid junior justin justina justyna justine kabir kacey kaci kacper kadeem
kai kaiden kaine kaitlin kaitlyn kaleem kalpana kamal kamil kamila kamran kane kara kareem karen
karim karina karl karla karol karolina kasey kasia kashif kasim kat kate katarzyna katelyn
katerina kath katharine katherine kathleen kathryn kathy katie katrina katya kawa kay kaya kayden
kaye kayla kaylee kayleigh kaylem keanu kearan keegan keeley keely keira keith kelechi kelly
kelsey kelsie kelvin ken kendra kendrick kenisha kenneth kenny kenya kenzie keri kerri kerrie
kerry kev kevin keziah khadija khadijah khaled khalid khalil khaleel khan khizar khurram kia kian
kiana kiara kier kiera kieran kieron kiki kiley kim kimberley kimberly kiran kirsten kirstie
kirsty kirsteen kit kitty klara klaudia kofi konrad korey krishna kris kristen kristian kristina
kristoffer kristopher krystal krystian krzysztof kuba kuldeep kulwinder kwabena kwame kwasi kyla
kyle kylie kym kyra kyran lacey laila lakisha lamar lana lance lara larissa larry latasha latifa
latoya laura laurel lauren laurence laurie lavinia lawrence layla layton lea leah leanna leanne
leanora lee leela leena lei leigh leila leighton lena lenka lennon lenny lennox leo leon leona
leonard leonardo leonie leroy lesley leslie leszek leticia levi lewis lexi lexie liam liana libby
lidia lila lilia lilian lillian lilly lily lina linda lindsay lindsey linzi lionel lisa liv liyana
liz lizzie llewelyn lloyd logan lois lola loretta lorenzo lorna lorraine lottie lou louie louis
louisa louise luan luca lucas lucia lucian lucie lucinda lucy ludwik luis luke lukas lukasz lulu
luna luqman lydia lyla lyndsey lynn lynne lynette lyra mabel mack mackenzie maciej maddie maddison
maddox madeleine madeline madina madison maeve magda magdalena maggie maha mahad mahmood mahmoud
mahnoor mahdi maira maisie maisy maja majid malachi malaika malak malakai malcolm malgorzata malia
malik malika mandeep mandy manjit manoj manpreet manraj manuel mara marc marcel marcela marcella
marcia marcin marco marcos marcus marek margaret margo marguerite maria mariah mariam mariama
marian marianne marie mariel marilyn marina mario marion maris marisa marius mariusz marissa
marjorie mark marlene marlon marnie marsha marta martha martin martina martyn marvin mary maryam
maryum masood mason masuma mateo mateusz matilda matt matthew matthias maud maureen maurice mavis
max maxim maximus maxine maxwell maya may mazhar md meera megan meghan mehmet mehmood mehreen
mehwish mel melanie melinda melissa melody mercedes mercy meredith merlin mervyn mia micah michael
michaela michal michalina michel michelle miguel mihai mikaeel mikayla mike mikey mikolaj mila
milan mildred miles milena miley millie milo milosz mimi mina minnie mira miranda miriam miroslaw
misbah misha mitchell moesha mohamed mohammad mohammed mohamud mohsin moira mollie molly mona
monica monika monique morgan morris moses moussa mubashir mudassar muhammad muhammed mujahid
mumtaz muneeb murad muriel murray musa mushtaq mustafa myla myles myra myriam myrtle nabeel nabil
nabila nadeem nadia nadim nadine naeem nafisa naheed nahid naila naima najma nancy naomi narinder
naseem naseer nasir nasreen nasrin natalia natalie natasha nathan nathaniel naveed navdeep nawaz
nazia nazir nazish nazma ned neelam neema neeraj nehal neha neil nell nella nellie nelly nelson
nerys nevaeh neve neville nia niall niamh nichola nicholas nick nicky nico nicola nicolae nicole
nigel niklas nikita nikki niko nikola nikolai nilima nina ninette nirmal nisha nisar nishat noah
noel noelle noor nora norah noreen norma norman nuala nura nusrat nyah nyla oakley obi octavia
odin ola olaf olawale olga oleg oliver olivia olive ollie olumide oluwaseun omar omari omer omari
ondine oona oran orla orlando orlaith oscar osama osman oskar ossie oswald otis otto owais owen
ozan ozzy paige paisley pamela parveen parvez parvin pascal pat patience patricia patrick patrycja
patryk patsy paul paula pauline pawel paweł payton pearl pedro peggy penelope penny percy perry
pervez peter petr petra petru peyton phil philip philippa phillip phoebe phyllis piers pierre
piotr pippa polly pooja poppy prakash prashant preeti preston prince priscilla priti priya
priyanka przemek quentin quincy quinn qasim rabia rachael rachel rachelle radek radoslaw rae rafal
rafael raees rafiq raheem raheela rahim rahman rahul raihan raja rajan rajesh rajinder ralph ram
ramesh ramiz ramon ramona ramsha ramzan randall ranjit raphael raquel rashad rashid rashida raul
raven ravi ravinder ray rayan raymond razia razwan rea reagan rebecca rebekah reece reena reggie
reginald rehan rehana rehman reiss rekha remi remy ren rene renee renata rene reuben rex reyansh
rhea rhian rhianna rhiannon rhoda rhona rhys ria riaz ricardo richard richie rick ricky ridwan
rihanna riley rina rishi rita ritchie river riya rizwan rizwana rob robbie robert roberta roberto
robin robyn robina rocco rochelle roderick rodney rodrigo roger rohan rohit roisin roksana roland
roman romana romeo romy ron ronald ronan ronnie rory rosa rosalie rosaleen rosalind rosanna rose
roseanne rosemarie rosemary rosie ross rowan rowena roxanna roxanne roy royston roza ruairi ruben
rubina ruby rudi rudy rufus rukhsana rupert russ russell ruth ryan rylan ryley saad saba sabah
sabina sabir sabrina saddam sadia sadie sadiq saeed safa safdar saffron saffy safia safina safiya
safiyyah sagal sahar sahil saif saima saira sajid sajida sakina salah saleem saleh salim salma
salman sally sam sama samah samantha sameer sami samia samina samir samira sammy samson samuel
sana sandeep sandra sanjay sanjeev santiago saoirse saqib sara sarah sarfraz sarina sarwar sasha
saskia saul savannah sayed scarlet scarlett scott seamus sean seb sebastian sehrish selena selina
selma serena serge sergei sergio seth seun shabana shabir shabnam shafiq shaheen shahid shahida
shahnaz shahzad shahzaib shahzeb shaila shaima shakeel shakil shakira shakur shamim shamima shamin
shanaz shane shania shanice shannon shanon shantel shaquille shari sharlene sharmin sharon sharif
sharna shaun shauna shawn shay shayla shayne shazad shazia sheena sheeraz sheikh sheila shelby
sheldon shelley shelly sheraz sheridan sherry sheryl shirin shirley shiv shivani shmuel shoaib
shona shreya shukri sian sid siddique sidney sidra sienna sierra silas silvia simeon simon simona
simone simran sinead siobhan sky skye skyla skylar slawomir sobia sofia sofie sohail sohaib sol
solomon sonia sonny sonya soniya sophia sophie soraya spencer stacey stacie stacy stan stanislaw
stanley stefan stefania stella steph stephanie stephen steve steven stevie stewart stuart subhan
sufyan sue suhail sukhdeep sukhjit sukhvinder sulaiman suleman sultan sultana sumaira sumaya
sumera summer sunil sunita sunny suraj surinder susan susanna susannah susie suzanne suzie
svetlana sybil syed sylvia sylvie sylwia szymon tabassum tabitha tahira tahir tahmina taiba taiwo
talal talha tallulah tamara tamika tamina tammy tamsin tania tanisha tanveer tanvir tanya tara
tariq tarun taryn tasha tasmin tasneem tatiana tatum tayla tayler taylor taylah tayyab tayyaba ted
teddy tegan temi teodor terence teresa teri terrell terri terry tess tessa thea thelma theo
theodore theresa thomas tia tiana tiegan tiernan tiffany tilly tim timothy tina tobi tobias toby
tod todd tom tomas tomasz tommy toni tony tonya tracey traci tracy travis trent trevor tricia
trina trinity trisha tristan troy tunde tyler tyra tyreece tyreese tyrell tyrese tyrone tyson
umair umar umer umran una unaiza ursula urszula usama usman ubaid uzair uzma valentina valentin
valerie vanessa vasile vera verity vernon veronica vicki vicky victor victoria vijay vikas vikram
viktor viktoria viktorija vinay vince vincent vinod viola violet virginia vitalie vivek vivian
vivien vivienne vladimir waheed wahid wajid waleed wali walter wanda waqar waqas warren waseem
wasim wayne wendy wesley whitney wiktor wiktoria wilf wilfred will willa william willow wilma
winifred winston witold wojciech xander xavier yahya yanis yara yasar yaseen yash yasin yasir
yasmeen yasmin yasmine yaw yazmin yolanda younis yousaf yousef youssef yuki yunus yuri yusra yusuf
yvette yvonne zac zach zachariah zachary zack zafar zahid zahida zahir zahra zaid zain zaina
zainab zaira zak zaki zakir zakariya zakiya zaman zara zarah zareen zayd zayn zaynab zbigniew zeb
zeeshan zehra zeinab zelda zena zenab zeynep ziad zia zidan zishan zoe zoey zofia zohaib zohra
zora zsofia zubair zubaida zuzanna zulaikha zulfiqar zulqarnain zygmunt lennie lexy lacie
lilly-may kaci-leigh demi-leigh ellie-mae ellie-may tia-louise mckenzie kenzi macie macey maisey
maddy maddi leanna leigha kayley kaylie kaleigh keighley bethanie abbey abbi ellis ashlea casie
kady kadie kallum kain kayne kieren jorja teagan teigan tiegan shanay shanelle shantelle sharelle
tanisha tasmyn tierney toyah tyla tylar zena neesha nikisha keisha kiesha lakeisha laquisha
chantal chantel channelle chelsie chenelle darcie daisie ebonie elisha emmie ayrton denny dwain
stef stefani jaime jak jayk jaymee jaymi jools jonjo jodi-leigh ryleigh rhiana rhianne reanne
rianna sheree sherrie shereen sharlotte tracie traci trudi trudy wendie mandi jacki patti
 lianne lyndsay marlie myleene nikola nadya oksana olena taras vasyl bohdan andriy dmytro
iryna kateryna yana artem danylo mykola lesya halyna gintaras jonas tomas rasa egle vaidas marijus
laima inga edgars janis ilze valdis bao chen hui jian jing lan lei linh mei ming minh ngoc nguyen
phuong quan quang thanh thao thi tuan wei xiao yan ying yong yu yun hoang duc hieu huong tien
trang diyar hiwa karwan rebaz rebin sardar shwan soran zana zirak aram azad bakhtiar dilan dilshad
goran hemin hoshang jwan kardo lanja rojin gjergj ardit arben besnik blerim dritan edon endrit
erion fatos flamur genti ilir klodian kujtim luan mergim shkelqim valon visar mircea sorin viorel
ionela andreea alexandra razvan ovidiu nicoleta raluca roxana simona traian vlad florentina costel
costin doru liviu marian abdikadir abdinasir abshir ayaanle faduma hodan idil ifrah liban mahamed
najma nimco sahra samatar yasmiin zaynab tesfay yonas mekonnen hiwot selam ffion ffiona della
skyla kacey haleema tegwen carys cerys nerys sioned ceri delyth gwenllian angharad megan iestyn
iolo rhodri hywel aled emrys gethin huw tomos osian macsen mabli nansi lowri betsan mared ailsa
ainsley aislinn alanah alisha anca aneesah anaya aniqa arooj aroosa athena babatunde bethan-mae
billie-jo bobbie-jo brodie caitlan candice carlene chanelle cian cora corrina dakota deanna delroy
demi dervla dionne donnie elspeth ezme faye fergal fern georgiana gian hallam hanif hargreaves
ilyas ishaq jazmin jazmine jerrell jodi-ann joely kasim kealan kerris keiron kirk kurtis lacey-mae
leyla liberty lorelei lyndon macauley mariana marley mazin mckayla mercy merryn milly mina minty
montana myah nakita nathalie natalya neave nigella ninah norris oona orson paulette persephone
petula porsha poppyann reanna ricki roma romilly rosina ruairidh saira-banu sade sabiha samreen
saphia sapphire shabaz shanika sharmaine sherece siraj skye-louise tamzin tansy tayah tazmin
terence-john tia-mae tilda tonicha torin trixie ulrika vashti verna wilfie xanthe yolanda zelah
zenia zuleika adeola adewale ayodele bisi bukola chukwu damilola ebele femi folu funmi ify ijeoma
ikenna kehinde kemi kunle ngozi nkechi nnamdi obinna ogechi olu oluchi rotimi sade segun shola
simi titi tobi tokunbo uche yemi zainabu abena akosua akua ama efua esi kwaku yaw nana adina alin
bogdana ciprian claudia cornel crina daciana dorin dragan elvira emil florica gabi georgeta
gheorghita horia ileana iulia iulian laurentiu lavinia luminita madalina magdalena marcela
marinela mihaela nelu nelutu octavian ovidiu paul petrica rares remus silviu simion stefania tudor
valeriu vasilica veronica victorita violeta blossom precious princess diamond ocean storm rocky
reef phoenix kodie koby kobi jaydn jayce jace jagger
"""


@cache
def load_given_names() -> frozenset[str]:
    """Return the given names, in the form that `forms.name` gives to a single word."""
    return frozenset(_NAMES.split())


DOUBTFUL = words(
    """
    abs ace ale ali amber amen angel ant april art ash august aura autumn bash bat bay beck bee
    bern bess bill blake blessing blossom blue bon bored brooke buddy can cat chance chase cherish
    cherry chase che chess chuck clay cliff coby col con constance coral court dan dar dawn des
    destiny di diamond dick don duke earl eden faith fi gold grace gran grant gray guy ger han
    harmony has hay honey hope hunter im imy jam jan jean jet joy june junior khan lance lane laz
    lea lei li lol lou man mar mark mary mart mason mat may melody mercedes mercy mic miles milk
    mill mol moose morn mus nan nas ness no nose ocean oak page paige pan pat patience pearl peg
    pen penny pet phoenix poppy precious prince princess raine ram ran ranger rash rat raven ray
    red reed reef ren rich ring rio river rob robin rock rocky rod rose rosemary ruby rush rush
    rusty rye sal san sandy sat say scarlet sex shell she shiv sky sly so sol son spark star storm
    sue summer sun sunny tar tan tiny ton tone tory ty tree trip trey us van violet wade wan wally
    ward was wash waz will wills willow win woody yan ye yong yu yun hui lan ming mei thi wei ying
    chen trang tien thanh huong hoang duc minh ngoc quan tuan bao jing jian jin inga rasa azad sol
    amen amin merry rusty tiger teddy trace grant cash tel nick chav nova opal reggae rita sage
    sonic stone ola temi ike ina ira ema efe ana eli esa una
    """
)  # fmt: skip
"""Names that are also words, or are too short: without a capital they need another sign next to
them."""
