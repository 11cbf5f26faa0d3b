"""Words that are no names: the everyday English of parents' messages, for telling strangers apart.

A word outside this list, in the right place, may be somebody's name. Inflected forms are
reached by taking their endings off, so that the list holds base forms only.
"""

from functools import lru_cache

_BASE = """
a able about above abroad abuse accept accident account ache across act action active actual add
address adult advice afraid after again against age agency ago agree ahead aint air airport alarm
alcohol alert alive all allegation allow almost alone along alot alright already also although
always am amount an and anger angry animal ankle announce annoy another answer anxious any anybody
anyhow anymore anyone anything anyway anywhere apart apologise apparent app appear appointment
approach appropriate are area argue argument arm around arrange arrest arrive as ash asap aside
ask asleep assault assess assume at ate attack attempt attend attention attitude aunt auntie aunty
autumn available avoid awake aware away awful baby back bacon bad badge bag bail balcony ball ban
bang bank bar barely bare barber bargain bark base basic basically bath bathroom battery be beach
bear beard beat beautiful because bed bedroom beer been before beg begin behave behaviour behind
being believe belong below belt bench beside best bet better between beyond bike bin bird birthday
bit bite bitch black blade blame blank blanket bleed block blonde blood bloke bloody blow blue
blunt board boat body boil bomb bone bonfire book booze boot border bored boss both bother bottle
bottom bounce bout bowl box boy boyfriend bra brace brag brain brake brand brave bread break
breakfast breath breathe brew brick bridge brief bright bring broke broken brother brown bruise
brush buddy build building bully bump bunch bunk burn bus bush business bust busy but butt button
buy buzz by bye cab cafe cake calendar call calm came camera camp can canal candle canister
cannabis cannot cant cap car card care career careful carer carpet carry cars case cash cat catch
caught cause caution cellar cemetery centre certain chain chair chance change channel charge
charger charm chase chat chauffeur cheap cheat check cheek cheers cheese chemist chest chicken
child children chip chippy chocolate choice choke choose christmas chuck church cider cigarette
cinema circle city claim class clean clear clever click client climb clip clock close clothes
cloud club clue coach coat cocaine coffee coin coke cold collapse collar collect college colour
come comfort comment commit common community company compare complain complete computer concern
condition confide confirm confuse connect consent consider constant contact contain continue
contraception control conversation convince cook cool cop cope copper copy corner correct cost
couch cough could couldnt council counsellor count country couple course court cousin cover cow
crack crap crash crazy creep crew crime cross crowd cry cuddle cup cupboard curfew curious current
curse curtain custody cut cute cuz cos coz dad daddy daft daily damage dance dare dark data date
daughter day dead deal dealer dear death debt decide deep def definite defo delete deliver demand
deny depend deposit depress describe desk detail detective device did didnt die differ different
difficult dig dinner direct dirt dirty disappear discover disgust dish distract disturb do doctor
does doesnt dog dodgy done dont door dose double doubt dough down dozen draft drag drain drama
draw drawer dread dream dress drew drink drive driver drop drove drown drug drunk dry dude due
dumb dump during dust duty each ear early earn ease east easy eat edge education eff effect effort
eight either elbow elderly electric eleven else email emergency emotion empty end enemy engage
engine english enjoy enough ensure enter entire entrance entry equal escape especially estate even
evening ever every everybody everyone everything everywhere evidence exact exam example excite
exclude excuse exhaust exist exit expect expensive explain explode exploit express extra eye face
fact fade fail faint fair fake fall false family famous fancy far farm fast fat father fault
favour fear feed feel feet fell felt female fence few fiance field fight figure file fill film
final find fine finger finish fire first fish fist fit five fix flash flat flip flirt floor flow
flower fly foetus fold folk follow food fool foot football for force foreign forever forget
forgive fork form fortnight forward foster found four frame free freak freeze fresh friday friend
frighten from front fuck fuel full fun funny further future gain game gang gap garage garden gas
gate gather gave gay gear general gentle gentleman get ghost giant gift giggle gin girl girlfriend
give glad glance glass glove go goal god goes going gold gone gonna good goodbye gossip got gotta
gp grab grade gran grand grandad granddad grandma grandmother grandfather grandparent grass
grateful gravy great green greet grey grin grip ground group grow grown guard guess guest guilty
gum gun gutted guy gym habit hack had hadnt hair half hall hallway ham hammer hand handle hang
happen happy harass hard hardly harm has hash hasnt hassle hat hate have havent he head
headteacher heal health hear heard heart heat heaven heavy heel height held hell hello help hence
her here heroin hers herself hey hi hid hide high highlight hill him himself hint hip hire his
history hit hiya hold hole holiday home homework honest honestly hood hoodie hook hope hopeful
horrible horse hospital hostel hot hotel hour house how however hug huge human hundred hungry hunt
hurry hurt husband i ice id idea identify idiot if ignore ill illegal im image imagine immediate
important in incident include indicate info inform information injure inside insist inspector
instead instant insta instagram insult insurance intend interest internet interview into introduce
invite involve iphone ipad ipod is isnt issue it item its itself ive jacket jail jealous jean jeep
jewellery job join joint joke journal journey judge juice jump just keen keep kept kettle key kick
kid kidnap kill kind kiss kit kitchen knee knew knicker knife knock know knowledge lad laddie lady
lane landlady landline landlord language laptop large lark last late laugh laundry law lawyer lay
lazy lead leader leaflet learn least leather leave left leg legal lend length less lesson let
letter level liar licence lick lie life lift light like likely limit line link lip liquid list
listen litter little live load loan local lock lodge log lol lonely long look loose lorry lose
lost lot loud lounge love lovely low luck lunch lung lush lying machine mad made mail main major
make male mam man manage manager many map march mark market marry mask massage massive match mate
material matter mattress may maybe mcdonalds me meal mean meant measure meat medication meds meet
meeting member memory men mention mess message met mid middle midnight might mile milk mind mine
miniature minute mirror miss missing mistake mither mix mobile model moment monday money monitor
month mood moody more morning most motel mother motor motorbike motorway mouth move movie moving
msg much mug mugged mum mummy mums murder muscle music must mute my myself nail naked name nan
nana nanna nap narrow nasty natural near nearly neat neck need needle neighbour neither nephew
nerve nervous net never nevertheless new news next nice niece night nightmare nil nine no nobody
nod noise none nope nor normal north nose not note nothing notice notify now nowhere nowt nude
numb number nurse oath obvious occasion occur odd of off offer office officer official often oh
oil ok okay old older on once one online only onto open operation opinion opposite or orange order
ordinary other otherwise ought our ours out outfit outside outta oven over overdose overhear
overnight owe own owner pace pack package packet page pain paint pair pale panic pants paper
paracetamol parcel pardon parent park part partner party pass passenger passport past pastor patch
path patient patrol pattern pause pavement pay peace peak pedo paedo pee pen penny people pepper
per perfect perfume perhaps period permission person personal pet petrol phone photo pic pick
picture piece pierce pig pill pillow pin pink pint pinch pipe piss pizza place plain plan plane
plant plastic plate play player please pleasure plenty plug plus pocket point police policeman
policewoman polite pool poor pop popular porch porn position positive possible possibly poss post
posh pot pound pour power practice pray prefer pregnant prepare prescription present press
pressure presume pretend pretty prevent previous price print prison private prize probable
probably prob problem process produce profile project promise proof proper property protect proud
prove provide provoke psw psychologist pub public puff pull pulled punch puncture pupil purchase
purple purpose purse push put quad quality quarter queen question queue quick quid quiet quit
quite race radio rage raid rail rain raise ran rang range rape rare rash rat rate rather raw reach
react read ready real realise really reason receipt receive recent recently reckon recognise
record recover red reduce refer refuse reg regard regular relate relation relationship relative
relax release relevant relieve rely remain remember remind remove rent repair repeat replace reply
report request require rescue respect respond response rest result return reveal review rich rid
ride right ring rip rise risk river road roast rob rock roll roof room root rope rota rough round
route row rubbish rude rug ruin rule rum run runaway rush sack sad safe safeguard said sake salon
same sandwich sat save saw say scar scare scarf scary scene school scooter score scream screen
screenshot scruffy sea search season seat second secret secretive section secure security see seem
seen seize select self selfie sell send sense sent separate serious serve service session set
settle seven several severe sex sexual shade shadow shake shall shame shape share sharp she shed
sheet shelf shelter shift shine ship shirt shit shock shoe shoot shop shopkeeper short should
shoulder shouldnt shout shove show shower shut shy sibling sick side sign silence silent silly
silver sim similar simple since sing single sink sir sis sister sit site situation six size skate
skin skip skirt skunk sky slag slam slap sleep sleepover sleeve slept slice slide slight slim slip
slow slur slut small smack smart smash smell smile smoke smooth snack snap snapchat snatch sneak
sniff snog snow so soap sober social sock sofa soft sold solicitor solid some somebody somehow
someone something sometime sometimes summat somewhere son song soon sore sorry sort sound source
south space spare speak special specific speech speed spell spend spice spike spill spit split
spoke sport spot spray spread spring spy squad square squat squeeze stab stable staff stage stain
stair stake stalk stall stamp stand star stare start state statement station stay steal step
stepdad stepfather stepmum stick still stink stir stitch stole stomach stone stood stool stop
store storm story straight strange stranger strap stream street stress strip stroke strong
struggle stuck student study stuff stupid style subject such suck sudden suffer sugar suggest
suicide suit summer sun super supper supply support suppose sure surgery surname surprise suspect
swap swear sweat sweet swim swing switch system table tablet tag take takeaway talk tall tan tap
tape target taste tattoo taught taxi tea teach teacher team tear tease teen teenage teeth
telephone tell telly temper ten tenner tense tent term terrible terrify test text than thank that
thats the theatre their them themselves then there therefore these they thick thief thin thing
think third this those though thought thousand thread threat threaten three threw throat through
throw thumb thursday thus ticket tidy tie tight till time tin tiny tip tire tired tissue to toast
toilet told tomorrow ton tongue tonight too tool tooth top torch total touch tough tour toward
towel tower town toy track trackies tracksuit trade traffic train trainer tram trap trash travel
tray treat tree trick trip trouble trousers true trust truth try tube tuck tuesday tune turn tv
twelve twice twin two type tyre ugly um umbrella unable uncle under understand uniform unit
university unknown unless unlock until unusual up upload upon upset upstair urgent us use used
user usual vague valid value van vape various vehicle verbal very via vibe victim video view
village violent virgin visit vodka voice vomit wage wait wake walk wall wallet want war ward
wardrobe warm warn warrant was wash wasnt waste watch water wave way we weak wear weather web wed
wednesday weed week weekend weight weird welcome well went were werent west wet whack what
whatever whats whatsapp wheel when whenever where whereabouts wherever whether which whichever
while whisper white who whoever whole whom whose why wide wife wifi wild will willing win wind
window wine wing winter wipe wish with within without witness woke woman women wonder wont wood
word wore work worker world worry worse worst worth would wouldnt wound wrap wreck wrist write
wrong wrote yard yeah year yell yellow yep yes yesterday yet yob you young youngest younger
youngster your yours yourself youth youtube zip zone abt abit aftr agen agn ages alrdy anyfing
arnd atm b4 bc bcos bday bf bro btw cba cld cldnt cudnt cud cuz defo dnt dunno em et etc eve fone
frm fink gd gf gna gona gunna h8 havnt hav hes hm hmm hrs hw idk im inc init innit irl jst kinda
kno l8r lookin lot lmk luv m8 mb mebbe mins mite mob mos msg nd ne neva no1 nt nuffin nvr ok omg
ova pls plz ppl prob probs proly pt r rd rly rn sez shes shud sed smth sm1 sn st str sth srsly tbh
tho thru thx tmrw tmw tnight tryna txt u ur v vry wa wanna watsapp wat wen wer wiv wiv wk wks wld
wldnt wnt wot wud wudnt xx xxx x y ya yr yrs yday yest yous youse thier there's recieved
definately deffo aswell alot infact seperate wierd freind befor arent aint shouldve couldve
wouldve theyre theyve youre youve youll well weve shell hell hed shed theyd id ill itll thatll
wholl lets heres wheres hows whos mustve plus another foster siblings halloween xmas easter
ramadan eid bnb takeaways bookies chemists barbers bus stop train nails makeup lashes hoody jumper
joggers tracky trainers cardigan puffa parka balaclava snood beanie earrings necklace bracelet
ring perfume aftershave lipstick asian pakistani indian bangladeshi polish romanian albanian
kurdish iraqi iranian afghan turkish somali african caribbean british scottish irish welsh
european chinese eastern western northern southern muslim christian sikh hindu jewish catholic
urdu punjabi arabic traveller gypsy yorkshire mancunian scouser scottishman camhs cse mash nhs sw
lac sen send hr ai gps cctv dna dob pc dc ds di pcso cid ceop nspcc barnardos childline
crimestoppers samaritans facebook fb twitter tiktok youtube netflix xbox playstation ps4 ps5
nintendo samsung apple android nokia huawei adidas nike northface gucci jd asos primark rizla
lambert b&h marlboro smirnoff vodka wkd stella fosters carling prosecco lynx calvin klein puma
reebok omo airmax airpods alexa spotify uber deliveroo justeat vinted ebay amazon paypal cashapp
monzo skinny chubby stocky bald balding bearded ginger tanned spotty lanky scrawny muscly slim
tattooed pierced scarred nos coke ket mdma mandy pills weed spliff joint bud skunk grass hash
baggies wraps gear speed crack smack brown valium xanax zanies benzos balloon balloons nitrous
edibles vape vapes elfbar aged named called known nickname nicknamed real full first surname last
middle maiden appologise appologised asked arrived approached attended bailed bought brought
borrowed blocked bragged bunked chased collected cried dragged followed grabbed handed hidden
hugged kissed knocked legged messaged met nicked overheard parked phoned picked posted pressured
promised punched rang recorded refused returned screamed seen shouted skipped slept slipped
sneaked snuck spoke spotted stayed stole stormed stuck swore taken taught texted threatened threw
took unblocked unfriended visited waited walked warned watched whispered woken worn older oldest
elder bigger biggest smaller longer later latest earlier faster slower harder easier nicer closer
further thinner taller shorter darker lighter louder quieter better cheaper richer poorer newer
stronger weaker happier easily busy noisy nosy moody cheeky dodgy scruffy messy sticky greasy
sweaty smelly shaky sleepy jumpy needy bossy skinny chatty clingy funny runny itchy wobbly bubbly
tipsy stroppy snappy arty tasty salty oily cloudy rainy sunny windy foggy frosty snowy icy boxer
cleaner cooker dancer drinker drinkers dealer dealers driver drivers fighter follower followers
helper joiner keeper leader learner lighter liner lodger loner loser lover maker manager member
minder mover officer owner painter partner passenger planner player printer prisoner provider
reader rider roofer runner sailor sender server sharer shopper shower sinner sitter sleeper
slipper smoker speaker starter stickers supporter swimmer teacher trainer user viewer waiter
walker washer winner worker writer younger banner blender blinder burger butcher builder carer
caller cleaners counter corner cracker cruiser customer dagger dinner docker farmer finger folder
freezer gardener gutter hanger heater jumper ladder layer lecturer locker lorry marker matter
neither number offender order paper pepper plaster player plumber poster powder prayer quarter
receiver river rubber ruler scooter scanner sewer shutter singer slippers solder soldier speakers
spanner sticker stopper summer supper sweater tanner teenager temper theatre tiger timer tower
tracker trader trailer trigger trooper trouser typewriter voucher vouchers wander weather whisper
winter wrapper zipper admin administrator appendix article artist aspect asset assistant
association attached attachment attic audio author automatic avenue bag bags baggy bailiff ballet
bandage banner barbecue bargain barrier basement basis basketball beep belong bench benefit bestie
bet bible bill bin bio blog bloodshot blusher bookcase bookmaker booking bouquet bracelets bracket
brother bruises brunch bucket budget bulb bullet burglar burger cafe camera campsite candles candy
canteen cardboard cartoon cashier cashpoint casual ceiling celebrate century cereal certificate
chalet champagne charity chart chatline checkout childhood childminder choir chores chunk clinic
clone coffee column comic commission communication competition complaint complex concert
conference confidential consequences contract controlling convo cooperation copy corridor costume
cot cottage counselling courage crisps crochet cruise cub cubicle culture cupcake currency curry
customer cycle dairy damp decade decision decorate defence degree delay delivery demand dentist
department description desire destination diabetic diagnosis dialogue diary digital dinner diploma
disability discharge discipline discussion disguise display distance district domestic donation
dorm doorbell dosage drama drugs dryer dustbin earphones earring ebay eczema elastic election
elderly electrician embarrassed embassy encounter enquiries entertainment envelope environment
episode equipment error errand essay estate evidence evil exam exchange executive exhausted
expense experience expert explicit exploitation explosion exposure eyebrow eyelashes eyeliner eyes
fabric facility factory failure faith fancy fashion fairground fairy feature fever fiction fiddle
firm fireworks fitness flake flashbacks flicker flu foot footage forehead forename foster
fostering foundation fountain fraud freedom freezer fries fruit funeral funfair furious furniture
gadget gallery gambling gaming garment gesture glasses glitter goalkeeper grammar graph graphics
grave groom grooming grounded growth guardian guidance guitar habit haircut handbag handbook
handcuffs handover handwriting hazard headache headphones headset health heartbroken heater hedge
helmet hens herbal hickey hijab hob hobby holidays homeless homework hoover horn horror hoover
household housing hun babe bae darling honey sweetheart hygiene hysterical identity illness
imagination impact implant impression indoor infection influence informal inhaler injection injury
ink innit inquiry insect instructions instructor integration intention interest intimate intrusion
investigation investigator invoice isolation itch jeans jet jigsaw jogging jury keyboard keyring
keys kebab kitten label labels lace lamp landing lashes launch leak leaflets lecture legend
leggings leisure lemonade lens letterbox licence lifestyle lighter limousine liner link lipgloss
literally litre lodging logo loft lollipop lolly lounge lump luxury magazine magistrate mail
makeup mania marijuana marriage mascara maths maximum mechanic media medical medicine meltdown
membership mental mentor menu mic microphone migraine military minibus ministry minor minority
minus mis mispers misper mission mobility modelling mole monster mortgage mosque motive movement
muddy museum msn bbm myspace bebo aol hotmail habbo limewire facetime fbook icloud mug multiple
nails nappy narrative nasal nation nature nausea navy neckline needles negative neglect network
newborn newspaper nickname nicotine nightclub nightie nightwear nosebleed notebook notes
notification nursery nursing nut object obsessed obsession offence offensive oral organisation
organiser origin outburst outcome outing outreach outline owner oxygen padlock paediatric paint
pal palace palm pamphlet paperwork paragraph paranoid parcel parenting parka parking passcode
password pasta patrol payment payphone pe pencil penalty pension percent performance periods
permanent permit perv pervert pervy petition phase phonebook photograph photos phrase physical
piano pickup pics pie piercing pigeon pile pillow pimp pitch placement plaster plaits plates
playground playlist plea plot plug poem poetry poison policy polish politics polo poster potato
poverty prayer pregnancy premises presence presentation president priest prints privacy privilege
procedure profession professor profit programme progress prom promotion proposal prosecution
prostitute protection protest psychiatrist psychology puberty pudding pump punishment puppy
purchase pushchair pyjamas quad qualification quarrel quote rabbit racism racist radiator random
ransom raver reaction reality reasonable receptionist reception recovery recreation recruitment
reference referral reflection refund refuge refusal refugee registered registration rehab relapse
relatives religion reminder rental reporter representative reputation residence resident
residential resit resource responsibility restaurant restraint retail revenge revision reward riot
ripped ritual roadworks robbery rollerblades romance roommate routine rucksack rumour runners
sabotage sadness sample sandals satnav satchel sauce scan scarf schedule scheme scissors scratch
scratches scum seatbelt secretary section sedative seizure selfies semester senior sentence
separation sergeant series sessions settee sewing sexting shampoo shaved sheets shelf shelter
sheriff shisha shopping shoplifting shops shorts shot siblings sickness signal signature silk sims
skirt skateboard sketch skill slang slapper sledge slut smartphone smell snacks sneeze snooker
sober solution sore soul soup spectacles speeding sperm spirit splash sponsor spoon sports spouse
spree squash stalker stalking starving statue status stationary stationery steam steroids stereo
steward stickers sti std stitches stockings stomach straw strangers strategy strength stretch
studio stuff stunt subscription substance suburb suitcase sum sunglasses sunset superman
supervision supervisor supply support suspension suspicious swearing swim swollen symptom syndrome
syringe tablets tact tactic talent tampon tantrum tattoo tattoos tax taxi taxis tears techniques
teddy telly temporary tenant tenner twenty fiver tent territory terrorist testimony theft therapy
therapist thigh thong throat thunder tights timetable tinder tissue title tobacco toddler toilets
toiletries tooth topic topless torch toys trace tracing tracker tragedy trainers transfer
transgender translate transport trauma treatment trend trial triangle tribe trolley trophy
trousers trust truancy truant tumble tunnel tutor tv twins twitch typical ulcer ultimate underage
underwear unhappy unfair universe unpaid unsafe untrue upsetting uterus vaccine vagina valuables
van vandal vape vapes vegetable vet victim video videos vinegar violation violence virus vision
visitor vitamin volume volunteer vomit voucher voyeur vulnerable wages waist wander wardrobe
warning washing wealth weapon webcam website wedding weekly weirdo wheelchair whereabouts whiskey
whore whistle wig willing wine wisdom wishes witnesses woke wool wording workmen workshop
worksheet worries worthless wrist xbox yacht yoga yoghurt youngster youths zebra heatwave spelt
spelled spell dictated provenance withheld boiler birth burst drill bouncer jealousy according
champagne clinic rang residential nurse visitor housing handed drinks firework address
appointments autism autistic adhd asd ocd ptsd anxious anxiety depressed depression bipolar
counsellor keyworker caseworker headteacher deputy tutor pastoral attendance detention exclusion
excluded suspended isolation uniform lanyard reception canteen assembly gcse gcses btec sats
absent admits admitted allowed appears believes claims denied denies describes insists knows
mentioned reports says states suspects thinks wants wonders
"""


@lru_cache(maxsize=1)
def _base() -> frozenset[str]:
    return frozenset(_BASE.split())


def is_listed(word: str) -> bool:
    """Whether the lower-case `word` stands in the list as it is."""
    return word in _base()


@lru_cache(maxsize=8192)
def is_common(word: str) -> bool:
    """Whether the lower-case `word` is everyday English, inflected or not."""
    base = _base()
    bare = word.replace("'", "").replace("’", "")
    return bare in base or any(stem in base for stem in _stems(bare))


def _stems(word: str) -> list[str]:
    stems = []
    for ending in (
        "s",
        "es",
        "ed",
        "d",
        "ing",
        "in",
        "ly",
        "est",
        "ish",
        "nt",
        "ness",
        "less",
        "ful",
    ):
        if word.endswith(ending) and len(word) - len(ending) > (3 if ending in ("ly", "in") else 2):
            stem = word[: -len(ending)]
            stems += [stem, stem + "e"]
            if stem[-1] == stem[-2]:
                stems.append(stem[:-1])
            if stem[-1] == "i":
                stems.append(stem[:-1] + "y")
    return stems
