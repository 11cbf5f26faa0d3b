"""British short names and the given names for which they stand. Short names serve only for
suggestions to a user; no records are merged because of a short name.
"""

from functools import cache, lru_cache

from domain.forms.patterns import words
from domain.forms.words import name

#: Words before a name that are not part of it: "Big Mo", "Scouse Dave".
EPITHETS = words(
    """
    big little lil tall fat old young mad crazy ginger skinny scouse irish polish black white
    dirty fast baby boss king long small slim lanky dodgy baldy posh silent welsh geordie chinese
    short wee mini bad daddy papa mama crazy chubby one-eyed bald cockney scottish asian turkish
    jamaican african kurdish albanian dj mc
    """
)

# One entry for each given name: the name, then its short names. This list is the project's own,
# because no published list has the British forms in -az and -ezza.
_TABLE = """
aaron:az,azza,ronnie abdul:abs,abz,abdi abdullah:abs,abz,abdi abigail:abi,abbie,abs,gail
adam:ads,ad,addy adrian:ade,adie ahmed:ahms,meddy aidan:aid aisha:ash,shay,esh alan:al,alfie
albert:al,bert,bertie alexander:alex,al,lex,xander,sandy,sasha alexandra:alex,lexi,lex,sandra,ali
alfred:alf,alfie,fred alice:ali,al alison:ali,al amanda:mand,mandy,manda
amelia:millie,mill,amy,mia amina:mina andrew:andy,drew,ands andrea:andi,ange angela:ange,ang,angie
anita:neet ann:annie anthony:tony,ant,tone,anto antonia:toni,ant archibald:archie,arch
arthur:art,artie asif:as,az ashley:ash,asha ashraf:ash azeem:az,azi aziz:az barbara:babs,barb
barry:baz,bazza,bazzer,baza beatrice:bea,trixie benjamin:ben,benji,benny,benno bernard:bernie,bern
bethany:beth,bethy bradley:brad,bradders brenda:bren brian:bri,bry bridget:bridie,biddy
bronwyn:bron callum:cal,cally cameron:cam,cammy caroline:caz,caza,carol,caro,cazza carl:caz,cal
casey:case catherine:cath,cathy,kate,katie,kat,cat,kath,kathy chantelle:chan,shan,chanty
charles:charlie,chaz,chas,chuck charlotte:charlie,lottie,char,shar,lotte chelsea:chels,chelle
cheryl:chez,chezza chloe:chlo,clo christine:chris,chrissie,tina christopher:chris,kit,topher
claire:clairey,cla clifford:cliff clive:cli colin:col connor:con,conn,cons courtney:court,courts
craig:craigy curtis:curt cynthia:cindy daniel:dan,danny,dans,dano danielle:dani,danni,elle
darren:daz,dazza,dazzer,dar david:dave,davey,davy,dav,davo dean:deano deborah:deb,debs,debbie,debz
declan:dec,deco dennis:den,denny denise:den,nise derek:del,dez,degsy desmond:des,dez diane:di
dominic:dom,nick donald:don,donny,donnie donna:don dorothy:dot,dotty,dolly douglas:doug,dougie
duncan:dunc dylan:dyl edward:ed,eddie,ted,teddy,ned,eddy eleanor:ellie,nell,elle,nora
elizabeth:liz,lizzie,beth,betty,lizzy,eliza,libby,lisa,bess eloise:ellie,elle
emily:em,emmy,ems,milly emma:em,ems,emz eric:rick ernest:ernie,ern ethan:eth evelyn:evie,eve
faisal:fais,faz,fizz farhan:faz,fab farooq:faz fatima:fats,fatz,tima fiona:fi,fifi
florence:flo,flossie frances:fran,frankie francis:frank,frankie,fran
francesca:fran,chess,cheska,frankie frederick:fred,freddie,freddy gabriel:gabe,gab
gabrielle:gabby,gabs gareth:gaz,gazza,gaza gary:gaz,gazza,gazzer gavin:gav,gavvy gemma:gem,gems
geoffrey:geoff george:georgie,geordie,geo georgia:georgie,george,gia georgina:georgie,george,gina
gerald:ger,gerry,jerry gerard:ged,gerry,ger gillian:gill,gilly,jill gordon:gord,gordy
graham:gray,gra gregory:greg,gregg gwendoline:gwen hannah:han,hanny,hans harold:harry,hal
harrison:harry,haz harry:haz,hazza harvey:harv hassan:has,haz,hass hayley:hayls,hay,hales
heather:heath,hev helen:nell,hels henry:harry,hal,hen hussain:huss,hus ian:e
ibrahim:ibby,ibs,ibra,brahim imran:immy,imy,im,imz,imi ikram:iky,ik irfan:irf,irfy isaac:zak,ike
isabella:bella,izzy,issy,bell isabelle:izzy,issy,belle ishmael:ish ismail:ish,ismo,izzy,smiler
jack:jacko,jackie jacob:jake,jay,cobi jacqueline:jackie,jacqui,jax jamal:jam,jay
james:jim,jimmy,jamie,jay,jimbo,jem janet:jan janice:jan jasmine:jas,jaz,jazzy,jazz,mina
jason:jay,jase,jace jaspreet:jas,jaz,jazz jasvinder:jas,jaz javed:jav,jaz,javvy jayden:jay,jayd
jeffrey:jeff jennifer:jen,jenny,jenni,jenna jeremy:jez,jezza,jem,jerry jermaine:jay,jerms
jessica:jess,jessie,jez joanne:jo,joey,jojo,joanna john:johnny,jonny,jack,jonno,jono,jon
jonathan:jon,jonny,jonno,jono,nathan,johnny jordan:jord,jordy,jords,jay joseph:joe,joey,jo,jojo
joshua:josh,joshy,joz joyce:joy judith:judy,jude,jude julian:jules,jools julie:jules,ju
junaid:jun,juny,jay kamran:kam,kami,kammy karen:kaz,kazza,kar karim:kaz,kimo kashif:kash,kaz
katherine:kate,katie,kath,kat,kathy,kit,kitty,kate kathleen:kath,kathy,kay
kayleigh:kay,kayls,kaz,leigh keeley:keels keith:keef,keefy kelly:kel,kells kenneth:ken,kenny
kerry:kez,kezza kevin:kev,kevvy,kevo khalid:kal,khal,kally kieran:kier,kez,kie
kimberley:kim,kimmy,kimmie kirsty:kirst,kirsten kristopher:kris kyle:ky
lauren:loz,lozza,laur,lol,lolly laura:loz,lol,lola lawrence:larry,loz,lol,laz,lawrie
leanne:lee,lea,leigh lee:leebo leonard:len,lenny,leo leon:lee,leo leslie:les,lez lesley:les,lez
lewis:lew,lewie,lou liam:lee,li linda:lin,lyn,lindy lindsay:linz,lins,lindz lorraine:lol,loz,raine
louis:lou,louie louise:lou,lulu,weezy lucy:luce,lu,lulu luke:lukey lynne:lyn madeleine:maddie,mads
madison:maddie,mads,maddy malcolm:mal,malc,mac mandeep:mandy,mand
margaret:maggie,mags,peg,peggy,madge,marg,meg,rita,greta maria:mia,mo mark:marky,marko marie:maz
martin:mart,marty,maz mary:maz,molly,polly,mazza marianne:maz matthew:matt,matty,mat
maureen:mo,maur,reen maxwell:max maximilian:max megan:meg,megs,meggy,megz melanie:mel,mels
melissa:mel,lissa,liss mia:mimi michael:mike,mick,mickey,micky,mikey,mic,mitch
michelle:shell,shelly,chelle,shelley,mich
mohammed:mo,moh,mohd,moe,moz,hammy,mohammad,muhammad,mohamed,muhammed,med mohsin:mo,moz,mohs
mustafa:mus,musty,staf,moose mushtaq:mush,mushy molly:moll,mols monica:mon mubarak:mubs
nabeel:nabs,nab nadeem:nads,nad,deem nadia:nads,nade naomi:nay,nomi,naom
natalie:nat,nats,talie,nattie natasha:tash,tasha,nat,tasher nathan:nath,nate,nat
nathaniel:nath,nate,nat naveed:nav,navvy,navs neil:neily nicholas:nick,nicky,nico
nicola:nic,nicky,nicki,nix,nikki nigel:nige,nidge,nig norman:norm oliver:ol,olly,ollie
olivia:liv,livvy,ollie,livi omar:oms,omz,omy oscar:oz,ozzy,oscy osman:oz,ozzy owen:owie paige:p
pamela:pam,pammy patricia:pat,patsy,trish,tricia,patty,trisha patrick:pat,paddy,paddie,packy
paul:pauly,paulie pauline:paul,pol penelope:penny,pen,nell peter:pete,petey phillip:phil,pip
philippa:pip,pippa,philly phoebe:phebes,phebs,pheebs priya:pri qasim:kas,qas,kaz
rachel:rach,rachey,ray,raych rafiq:raf,raff rahim:rah,rahi rajesh:raj,raji raymond:ray
rashid:rash,rashy,raz,shid razaq:raz,razzy rebecca:becky,becca,bex,becks,beck reece:reecey
reginald:reg,reggie rehan:rey,ray rhiannon:rhi,rhian rhys:reese
richard:rick,rich,ricky,dick,richie,rico,dickie riaz:raz,ri,rizzy rizwan:riz,rizzy,rizla,wan
robert:rob,bob,bobby,robbie,bert,robby,robbo roberta:bobbie robin:rob rodney:rod,rodders
roger:rog,rodge ronald:ron,ronnie rory:roz rosalind:roz rosemary:rose,rosie,roz roxanne:rox,roxy
roy:royston ruby:rubes russell:russ,rusty rukhsana:rukh,roxy ryan:ry,rye sabrina:bri,sab,brina
saeed:sid,say sajid:saj,sid,sajj saima:sai salman:sal,sali samantha:sam,sammy,sammi,sams
samina:sam samuel:sam,sammy sandra:sandy,san sanjay:sanj,sunny,jay sara:saz
sarah:saz,sazza,sari,sadie,sal satnam:sat scott:scotty,scottie,scozza sebastian:seb,basti,bas
shabana:shab,shabs shabir:shab,shabs,shabby shahid:shah,shahi shakeel:shak,shaks,shaq
shamim:sham,shaz shannon:shan,shaz,shans sharon:shaz,shazza,shazzer,shaz,shar,shal,ron
shaun:shauny,shaz shazad:shaz,shaza,zad shahzad:shaz,zad shazia:shaz shafiq:shaf,shafi
sheila:she,shee shirley:shirl sidney:sid,syd siobhan:shiv,vonnie simon:si,sime,sy
sofia:soph,sofe,fia sohail:so,soh,hail sonia:son,sonny sophie:soph,sophs stacey:stace,stacy
stanley:stan stephanie:steph,steffi,stef,stephie stephen:ste,steve,stevie,steven,stevo,steff
stuart:stu,stewie,stew sukhdeep:suk,sukhi sukhvinder:sukh,sukhi,suki susan:sue,suze,susie,suzie
suzanne:suz,suze,sue,suzie syed:sid,sy tabitha:tabby,tabs tamara:tam,tammy tahir:taz,tay,tahi
tanveer:tan,tanny,taz tanya:tan,tanz tariq:taz,taz,tar,tazza,riq tasneem:tas,taz,neem
taylor:tay,tay terence:terry,tel,tez,tezza terry:tel,tez,tezza theodore:theo,ted,teddy
theresa:tess,terry,tree,teri,tessa thomas:tom,tommy,thom,tommo timothy:tim,timmy tobias:toby,tobes
tracey:trace,trac,trey trevor:trev,trevo tyler:ty,tyles umar:um,umz,ummy usman:uz,uzzy,ozzy,us
valerie:val vanessa:ness,nessa,van veronica:ronnie,vron,vera,roni victor:vic,vinny
victoria:vicky,vic,tori,vicki,vix,toria,vikki vikram:vik,vicky,viks vincent:vin,vinny,vince
vivian:viv walter:wally,walt,wal waqar:waq,waqas,waz,vicky waqas:waq,waz,vaqas
waseem:was,waz,wazza,wasi,wazzy wayne:wayno,waz,wazza wendy:wend wilfred:wilf,fred
william:will,bill,billy,willy,liam,wills winifred:win,winnie,freda yasin:yas,yaz,yasi
yasmin:yaz,yas,yazzy,jas,mina yousef:yous,joe,yus,sef,yusuf yusuf:yus,joe,yousef,juice
yvonne:von,vonnie,evie zachary:zac,zach,zak,zack zahid:zah,zed,zaz,zahi zain:zee,zaney
zainab:zee,zai,zainy zara:zaz,zee zeeshan:zee,zesh,shan,zeesh zoe:zo,zozo zubair:zub,zubi,zubs,baz
zulfiqar:zulfi,zulf,zulu bashir:baz,bash,bashy basit:baz,bas,basi faraz:faz,raz mazhar:maz maz:maz
nazir:naz,nazzer nazia:naz naseem:naz,nas,nass nasir:naz,nas,nass parvez:parv,pez,pav
pervez:pez,perv shahbaz:baz,shabs,shah
"""


@cache
def _given() -> dict[str, tuple[str, ...]]:
    """Return the given names of each short name, in the table's order."""
    given_by_nick: dict[str, list[str]] = {}
    for entry in _TABLE.split():
        given_name, _, nicks = entry.partition(":")
        for nick in nicks.split(","):
            if given_name != nick and given_name not in given_by_nick.setdefault(nick, []):
                given_by_nick[nick].append(given_name)
    return {nick: tuple(given_name) for nick, given_name in given_by_nick.items()}


@cache
def nicknames() -> frozenset[str]:
    """Return every short name of the table, in the normal form that the function `name` returns."""
    return frozenset(_given())


@lru_cache(maxsize=50_000)
def given_names(nick: str) -> tuple[str, ...]:
    """Return the given names that a short name may stand for: for "Shaz", sharon and shannon.
    Return () for a short name that is not in the list.
    """
    return _given().get(name(nick), ())
