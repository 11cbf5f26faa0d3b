"""Everyday English words of parents' messages, to recognise words that are not names.

A word outside this list, in the right place, may be a person's name. Inflected forms are recognised
by removing their endings, so the list has only base forms. The list was written for this project.
The file is long because of it.
"""

from functools import lru_cache

_BASE = """
approx army berghaus cadet cam ex index ji juv misper occ parade roblox scottish susp veh
a abandon abit able about above abroad absence absent absolute abt abuse academic accent accept
accident according account ache acid across act action active actual add address adhd adidas admin
administrator admits admitted adopt adore adult advance adventure advert advice afford afghan
afraid african after afternoon aftershave aftr again against age aged agen agency agenda ages
aggressive agn ago agony agree agreement ahead ai aint air airmax airpods airport alarm albanian
alcohol alert alexa alive all allegation allergic allergy alley allow allowed almost alone along
alot alrdy already alright also although altogether always am amaze amazon ambulance amount an and
android anger angry animal ankle announce annoy annual anonymous anorexic another answer
antibiotics anxiety anxious any anybody anyfing anyhow anymore anyone anything anyway anywhere aol
apart apologies apologise app apparent appeal appear appears appendix appetite apple application
appointment appointments appologise appologised approach approached appropriate apps apron arabic
arcade archive are area arent argue argument arm arnd around arrange arrangement arrest arrive
arrived arrow article artist arty as asap asd ash asian aside ask asked asleep asos aspect aspirin
assault assembly assess asset assistant associate association assume asthma aswell at ate atm
atmosphere attached attachment attack attempt attend attendance attended attention attic attitude
attract auction audience audio aunt auntie aunty author authority autism autistic automatic autumn
available avenue avoid awake aware away awful awkward axe b&h b4 bab babe baby back backpack
backseat bacon bad badge bae bag baggies baggy bags bail bailed bailiff bairn bait bake balaclava
balance balcony bald balding ball ballet balloon balloons ban bananas bandage bando bang
bangladeshi bank bankrupt banner bar barbecue barber barbers bare barefoot barely bargain bark
barnardos barrel barricade barrier base basement basic basically basis basketball bastard bath
bathrobe bathroom battery bbm bc bcos bday be beach bead bean beanie bear beard bearded beast beat
beaten beautiful bebo because bed bedroom bedside been beep beer beetroot befor before beg begin
behave behaviour behind beige being belief believe believes belong below belt bench bend beneath
benefit bent benzos berry beside best bestie bet better between beyond bezzie bf bfs bible bicker
bicycle bigger biggest bike bikini bill bin bing bingo bint bio biology bipolar bird birth
birthday biscuit bit bitch bite bitter bizarre black blackmail bladder bladdered blade blame blank
blanket bleach bleed blender blinder blister block blocked blog bloke blonde blood bloodshot
bloody blouse blow blown blue bluff blunt blur blush blusher bnb board boast boat body boil boiler
bold bolt bomb bone bonfire bonus book bookcase bookies booking bookmaker boom boot booth booze
border bored boring borrowed boss bossy both bother bottle bottom bought boulder bounce bouncer
bound boundaries bouquet bout bow bowl box boxer boy boyf boyfriend bra brace bracelet bracelets
bracket brag bragged brain brainwash brainwashed brake branch brand brass brave bread break
breakfast breast breath breathe bredrin brew brewery brick bride bridesmaid bridge brief bright
brilliant bring british bro broadband brochure broke broken broom brother brought brown bruise
bruises brunch brush bruv btec btw bubble bubbly bucket buckle bud buddy budget bug build builder
building bulb bulge bullet bully bump bunch bunk bunked burger burglar buried burn burp burst bus
bush business businessman bust busy but butcher butt butter butterfly button buy buzz buzzer by
bye cab cabbage cabin cable cafe caffeine cage cake calculator calendar call called caller calm
calories came camera camhs camp campsite can canal candle candles candy canister cannabis cannot
cant canteen canvas cap cape capital captain caption car caravan carbon card cardboard cardigan
care career careful carer caribbean carling carpet carriage carry cars cartons cartoon carved case
caseworker cash cashapp cashback cashier cashpoint casino casual cat catalogue catch category
catholic caught cause caution cave cba cctv ceiling celebrate celebrity cellar cement cemetery
centre century ceop cereal certain certificate chain chair chalet champagne chance change channel
chaotic chapter character charge charger charity charm chart chase chased chat chatline chatroom
chatty chauffeur chavs cheap cheaper cheat check checkout cheek cheeky cheering cheers cheese chef
chemical chemist chemists chest chicken child childhood childline childminder children chill
chilled chilling chin chinese chip chippy chocolate choice choir choke choose chopped chores
chorus christian christmas chubby chuck chunk church cid cider cigarette cinema circle
circumstances circus citizen city civil claim claims clap clash class classic classmate claw clay
cld cldnt clean cleaner cleaners clear clerk clever click client climate climb clinging clingy
clinic clip cloakroom clock clone close closer clothes clothing cloud cloudy clown club clue
clumsy clutch coach coal coast coat cobra cocaine cocky code coffee coin coke cold collapse collar
collect collected collection college colour column comb combination come comedy comfort comic
command commander comment commission commit commitment committee common communication community
company compare compass compensation competent competition complain complaint complete complex
compliment comply compromise compulsory computer conceal conceive concern concert condition condom
condoms condone conference confession confide confidence confidential confirm conflict confuse
congratulations connect connection conscious consent consequence consequences conservatory
consider considerate consistent console conspiracy constable constant consultant contact contain
contest context continue contraception contract control controlling conversation convict convince
convo cook cooker cookery cool cooperation cop cope copper copy cord core corner correct
correspondence corridor cos cosmetic cost costume cosy cot cottage cotton couch cough could
couldnt couldve council counselling counsellor count counter country couple coupon courage courier
course coursework court courtyard cousin cover cow coward coz crab crack crackdown cracker craft
cramp crane crap crash crawl crazy cream creature credit creep crew cricket cried crime
crimestoppers criminal crisis crisps critical criticise crochet cross crow crowd crown crucial
cruel cruise cruiser crumbs crush crutches cry cse cub cubicle cuckoo cuckooed cud cuddle cudnt
cuff cult culture cunning cup cupboard cupcake cure curfew curious curl curly currency current
curry curse curtain cushion custody customer cut cute cuz cyber cycle dad daddy daft dagger daily
dairy damage damp dance dancer danger dangerous dare dark darker darling dash data database date
daughter day daylight dc dead deadline deaf deal dealer dealers dealt dear death debate debt
decade decay deceive december decide decision declare decline decorate deep deer deets def defeat
defence defend deffo definately define definite defo degree delay delete deliberate delicate
delight deliver deliveroo delivery demand demon denial denied denies dentist deny depart
department depend deposit depress depressed depression depth deputy describe describes description
deserve designated desire desk despair desperate despite dessert destination destroy detached
detail detain detective detention develop device devil devote di diabetic diagnosis dial dialogue
diary dictated did didnt die diesel diet differ different difficult dig digital dignity dim dinner
dip diploma dire direct direction dirt dirty disability disable disagree disappear disappoint
disaster disbelief disc discharge discipline disco disconnect discover discussion disguise disgust
dish dislike dismiss disorder display dispute dissolve distance distract distress district disturb
ditch dive divert divorce dizzy dna dnt do dob docker doctor document dodgy does doesnt dog doll
dolphin domestic dominate donation done donkey dont doom door doorbell doorstep doorway dorm
dosage dose double doubt dough down downhill downstairs downtown dozen draft drag dragged drain
drama dramatic drastic draw drawer dread dream dress drew drill drink drinker drinkers drinks drip
drive driver drivers drone drop dropout drove drown drug drugs drunk dry dryer ds duck dude due
dull dumb dump dunno during dust dustbin duty duvet dye dynamic each eager ear earlier early earn
earphones earring earrings earth ease easier easily east easter eastern easy eat ebay eczema edge
edibles edit education eff effect effort eggs eid eight either elastic elbow elder elderly
election electric electrician eleven elfbar else elsewhere em email embarrass embarrassed embassy
emergency emotion emotional emphasis employ empty enable encounter encourage end endz enemy energy
enforce engage engine english enjoy enormous enough enquire enquiries enrol ensure enter entertain
entertainment enthusiastic entire entrance entry envelope environment episode equal equipment
erase errand error escape escort especially essay essential establish estate et etc european eve
even evening eventually ever every everybody everyone everything everywhere evict eviction
evidence evil exact exaggerate exam examine example exchange excite exclude excluded exclusion
exclusive excuse execute executive exercise exes exhaust exhausted exhibit exist exit exotic
expect expel expense expensive experience expert expire explain explicit explode exploit
exploitation explore explosion expose exposure express external extra extreme eye eyebrow
eyelashes eyeliner eyes eyesight fabric fabulous face facebook facetime facility fact factor
factory fade faggot fail failure faint fair fairground fairy faith fake fall false fam fame
familiar family famous fanatic fancy far fare farewell farm farmer fashion fast faster fat fatal
fate father fault faulty favour favourite fb fbook fear feather feature february fed feed feedback
feel fees feet fell fella fellas fellow felt female fence festival fetch fever few fiance fiction
fiddle field fierce fifteen fifth fifty fight fighter figure file fill film filthy final finance
find fine finger fingernail finish fink fire fireplace firework fireworks firm first fish
fisherman fist fit fitness five fiver fix flag flake flame flash flashbacks flat flavour flee
flexible flicker flight flip flirt flood floor florist flow flower flu fluent fluid fly focus
foetus fog foggy fold folder folk follow followed follower followers fone food fool foot footage
football footpath footprint footsteps for forbid force forecast forehead foreign forename forever
forged forget forgive forgot fork form formal former fortnight forty forward foster fostering
fosters foul found foundation fountain four fourteen fourth fracture fragile frame frantic fraud
freak freckles free freedom freeze freezer freind frequent fresh friday fridge friend fries
frighten frm frog from front frosty frozen fruit frustrated fry fuck fuel full fully fun funeral
funfair funny furious furniture further furthest fuss future gadget gaff gaffs gain gal gallery
gambling game gaming gang gap garage garden gardener garlic garment gas gasp gate gather gave gay
gaze gcse gcses gd gear geezer geezers general generation generous genius gent gentle gentleman
genuine geography german gesture get gf ghost giant gift giggle giggly gin ginger ginnel girl
girlfriend give given glad glamour glance glare glass glasses glimpse glitter global gloomy glove
glow glue gmail gna go goal goalkeeper goat god godmother goes goggles going gold golf gona gone
gonna good goodbye google goose gorgeous gossip got gotta govern gown gp gps grab grabbed grade
graduate graffiti grammar gran grand grandad grandchild grandchildren granddad granddaughter
grandfather grandma grandmother grandparent grandson grape graph graphic graphics grass grateful
grave gravel gravy greasy great greedy green greet grey grief grill grim grin grip grocery groom
grooming ground grounded group grow grown growth grumpy guarantee guard guardian gucci guess guest
guidance guilt guilty guitar gum gun gunna guts gutted gutter guy gym gypsy h8 habbo habit hack
had hadnt hair hairbrush haircut hairdresser hairdressers half halfway hall halloween hallway ham
hammer hand handbag handbook handcuffs handed handle handover handsome handwriting handy hang
hanger happen happier happy harass harbour hard harder hardly harm harsh has hash hasnt hassle hat
hate hatred haunt hav have havent havnt hazard he head headache headlights headline headphones
headset headteacher heal health healthy heap hear heard heart heartbeat heartbroken heat heater
heatwave heaven heavy hed hedge heel height heir held hell hello helmet help helper hence hens her
herb herbal here heres heroin hers herself hes hesitant hesitate hey hi hickey hid hidden hide
high highlight hijab hilarious hill him himself hindu hint hip hire his history hit hiya hm hmm
hob hobby hockey hold hole holiday holidays home homeless homesick homework honest honestly
honesty honey honeymoon hood hoodie hoody hook hoover hope hopeful horn horrendous horrible horrid
horrified horror horse hospital hospitality hostage hostel hostile hot hotel hotmail hour house
household housing how however hows hr hrs huawei hug huge hugged hum human humiliate humour hun
hundred hunger hungry hunt hurry hurt husband hush hw hygiene hyper hypocrite hysterical i ice
icloud icon icy id idea ideal identical identification identify identity idiot idk if ignorant
ignore ill illegal illness im image imaginary imagination imagine immature immediate immigrant
impact impatient implant import important impossible impress impression imprison improve impulse
in inbox inc incapable inch incident include income incorrect increase independent indian indicate
indirect individual indoor infact infant infatuated infection influence info inform informal
information inhaler init initial initially injection injure injury ink inner innit innocence
innocent inquiry insane insect insecure insert inside insight insist insists inspect inspector
inspire insta instagram install instance instant instead instinct institution instructions
instructor insulin insult insurance intake integration intelligent intend intense intention
interact interest interfere interim internet interrogate interrupt interval interview intimate
intimidate intimidated into intoxicated introduce intrusion invade invalid invent invest
investigation investigator invisible invite invoice involve ipad iphone ipod iranian iraqi irish
irl irritate irritated is island isnt isolation issue it itch itchy item itll its itself ive ivory
jacked jacket jail jaw jd jealous jealousy jean jeans jeep jelly jet jewellery jewels jewish
jigsaw job jog joggers jogging join joiner joint joke jolly journal journalist journey jst judge
jug juice july jump jumper jumpy jungle jury just justeat justice justify kebab keen keep keeper
kept ket kettle key keyboard keyring keys keyworker kick kid kidnap kidney kill kind kinda king
kiss kissed kit kitchen kitten kiwi klein knackered knee kneel knew knicker knife knit kno knob
knock knocked knot know knowledge known knows kurdish l8r label labels laboratory lac lace lad
ladder laddie lady lager lamb lambert lamp landing landlady landline landlord lane language lanky
lanyard laptop large lark laser lash lashes lass lasses last late later latest laugh launch
launderette laundry lavender law lawyer lay layer lazy lead leader leaf leaflet leaflets leak
leaning leap learn learner least leather leave lecture lecturer left leg legal legend legged
leggings leisure lemon lemonade lend length lens less lesson let lethal lets letter letterbox
level liable liar library licence lick lid lie life lifestyle lift light lighter like likely
likewise lime limewire limit limousine line liner link linkup lip lipgloss lipstick liquid liquor
list listen literally litre litter little live liver lmk load loan loathe lobby local locate
location lock locker lodge lodger lodging loft log logic logo lol lollipop lolly lonely loner long
longer look lookin loose lorry lose loser lost lot lottery loud louder lounge love lovebite
lovebites lovely lover lovesick low lower loyal luck lucky lump lunch lung lure lush luv luxury
lying lynx lyrics m8 machine mad made madly mafia magazine magic magistrate maiden mail main
maintain major majority make maker makeup male mall mam man manage manager mancunian mandem mania
manipulate manipulated manipulative manner mansion manual many map marble march mardy margin
marijuana mark marker market marlboro marriage marry marvellous mascara mash mask massage massive
match mate material maths matter mattress mature maximum may maybe mb mcdonalds mdma me meadow
meal mean meant meantime meanwhile measles measure meat mebbe mechanic medal media medical
medication medicine medium meds meet meeting melt meltdown member membership memory men mental
mention mentioned mentor menu merge merit mess message messaged messy met metal method mic
microphone mid middle midnight might mighty migraine mile military milk millionaire mince mind
minder mine miniature minibus minicab ministry minor minority mins minus minute miracle mirror mis
miserable misery mislead misper mispers miss missing mission missus mist mistake misuse mite
mither mix mixture moan mob mobile mobility mock model modelling modern modest moist mole moment
monday money monged monitor monkey monster month monzo mood moody moon moped moral more morgue
morning moron mortgage mos mosque most motel moth mother motion motivate motive motor motorbike
motorcycle motorway mould mountain mouse moustache mouth move movement mover movie moving msg msn
much muck muddle muddy mug mugged mugshot multiple mum mummy mums murder muscle muscly museum
mushroom music musical muslim must mustard mustve mute mutter mutual my myself myspace mystery
myth nail nails naive naked name named nan nana nanna nap nappy narrative narrow nasal nasty
nation national native natural nature naughty nausea navy nd ne near nearly neat necessary neck
necklace neckline need needle needles needy negative neglect neighbour neither nephew nerve
nervous nesh nest net netflix network neutral neva never nevertheless new newborn newer newly news
newspaper next nhs nice nicer nicked nickname nicknamed nicotine niece night nightclub nightdress
nightie nightmare nightwear nike nil nine nintendo nitrous no no1 nobody nod noise noisy nokia
none nonsense noodles nope nor normal north northern northface nos nose nosebleed nosy not notable
note notebook notes nothing notice noticeboard notification notify novel now nowhere nowt nspcc nt
nude nuffin nuisance numb number numerous nurse nursery nursing nut nvr oak oath obey object
objection obligation observe obsess obsessed obsession obstacle obtain obvious occasion occasional
occupied occupy occur ocd october odd oddly of off offence offender offensive offer office officer
official offline often oh oil oily ok okay old older oldest omg omo on once one ongoing onion
online only onto open operation opinion opponent opportunity oppose opposite option or oral orange
ordeal order ordinary organ organisation organise organiser origin original orphan other otherwise
ought our ours out outburst outcome outdoor outdoors outfit outing outline outlook outreach
outside outskirts outta outward ova oven over overall overcome overdose overdue overhear overheard
overnight overreact overseas overtake overweight owe own owner owt oxygen pace pack package packet
pad padlock paediatric paedo page pain painkiller painkillers paint painter pair pakistani pal
palace pale palm pamphlet panic panicking panties pants paper paperwork paracetamol parachute
parade paradise paragraph parallel paralysed paralytic paranoia paranoid parcel pardon parent
parenting park parka parked parking part partial participate particular partner party pass
passcode passenger passport password past pasta pastor pastoral pastry patch path patient patrol
pattern pause pavement pay payment paypal payphone pc pcso pe peace peach peak peanut pear
peculiar pedestrian pedo pee peek peel pen penalty pencil peng penis penny pension people pepper
per perceive percent perfect perform performance perfume perhaps period periods permanent
permission permit persist person personal personality persuade perv pervert pervy pest pet
petition petrified petrol petty phantom pharmacy phase phone phonebook phonecall phonecalls phoned
photo photograph photographer photos phrase physical piano pic pick picked pickle pickup pics
picture pie piece pierce pierced piercing pig pigeon pile pill pillow pills pimp pin pinch pink
pint pinterest pipe piss pitch pizza place placement plague plain plait plaits plan plane planet
planner plant plaster plastic plate plates platform play player playground playlist playstation
plea pleasant please pleasure pledge plenty plot pls plug plumber plump plural plus plz pocket
pocketmoney poem poet poetry point poison police policeman policewoman policy polish polite
politics polo pool poor poorer pop poppers popular population porch pork porn porridge portion
portrait posh position positive poss possess possessive possible possibly post posted poster
posture pot potato potential pound pour poverty powder power ppl practice practise praise pray
prayer predator predatory predict prefer pregnancy pregnant prejudice premises premium preparation
prepare prescription presence present presentation preserve president press pressure pressured
presume pretend pretty prevent previous prey price pride priest primark primary principal print
printer prints prior priority prison prisoner privacy private privilege prize prob probable
probably probation problem probs procedure proceed process produce profession professional
professor profile profit programme progress prohibit project proly prom promise promised promotion
prompt pronounce proof proper property proposal propose prosecco prosecution prostitute protect
protection protest proud prove provenance provide provider provocative provoke ps4 ps5 psw
psychiatrist psychologist psychology pt ptsd pub puberty public publish pudding puddle puff puffa
pull pulled pulse puma pump punch punched punctual puncture punish punishment punjabi pupil puppy
purchase pure purple purpose purse pursue push pushchair pushy put puzzle pyjamas quad
qualification quality quarrel quarter queen question queue quick quid quiet quieter quilt quit
quite quote r rabbit race racism racist racket radiator radio rag rage raid rail rain rainbow
rainy raise rally ramadan ramp ran random rang range ransack ransom rape rapid rare rash rat rate
rather rattle raver raw razor rd reach react reaction read reader ready real realise realistic
reality really rear reason reasonable reassure reassured rebel recall receipt receive receiver
recent recently reception receptionist recieved recipe reckless reckon recognise recommend
reconcile record recorded recover recovery recreation recruit recruitment recycle red reddit
redial reduce reebok reel refer reference referral reflect reflection reform refresh refuge
refugee refund refusal refuse refused reg regain regard region register registered registration
regret regular rehab rehearse reject rejoin relapse relate relation relationship relative
relatives relax release relevant reliable relief relieve religion reluctant rely remain remark
remarkable remedy remember remind reminder remote removal remove renew rent rental repair repay
repeat repeatedly replace reply report reporter reports representative reputation request require
rescue resemble resent reserve residence resident residential resign resist resit resolve resort
resource respect respond response responsibility responsible rest restart restaurant restore
restraint restrict result retail retire retreat return returned reunite reveal revenge reverse
review revision reward rhythm ribbon rich richer rid riddle ride rider ridiculous rifle right
rigid ring riot rip ripe ripped rise risk risky ritual rival river rizla rly rn road roadworks
roam roast rob robbery robe rock role roll rollerblades romance romanian romantic roof roofer
rooftop room roommate root rope rota rotten rough round roundabout route routine row rubber
rubbish rucksack rude rug ruin rule ruler rum rumour run runaway rung runner runners runny rural
rush sabotage sack sacrifice sad saddle sadly sadness safe safeguard safeguarding safety said
sailing sailor sake salad salary sale salon salt salty samaritans same sample samsung sandals
sandwich sarcastic sat satchel satellite satisfied satnav sats sauce save savings saw say says
scald scan scandal scanner scar scarce scare scarf scarred scary scatter scene scent sceptical
schedule scheme scholar school schoolbag schoolgirl scissors scooter scope score scotch scottish
scottishman scouser scrap scrape scratch scratches scrawny scream screamed screech screen
screenshot screw script scrub scruffy sculpture scum sea seal search seaside season seat seatbelt
second secondary secrecy secret secretary secretive section secure security sed sedative seductive
see seem seen segment seize seizure seldom select self selfie selfies sell semester sen send
sender senior sense sensible sensitive sent sentence separate separation seperate september
sergeant serial series serious servant serve server service sesh session sessions set settee
settle seven seventeen several severe sewage sewer sewing sex sexting sexual sez shack shade
shadow shake shaken shaky shall shallow shambles shame shampoo shank shanked shape share sharer
sharp shattered shave shaved she shed sheep sheer sheet sheets shelf shell shelter sheriff shes
shield shift shine ship shirt shisha shit shiver shock shoe shone shook shoot shop shopkeeper
shoplifting shopper shopping shops shore short shorter shorts shot shotgun shotter should shoulder
shouldnt shouldve shout shouted shove shovel show shower shrug shud shuffle shut shutter shy
sibling siblings sick sickness side sigh sighting sightings sign signal signature significant sikh
silence silent silk silly silver sim similar simple sims since sincere sincerely sing singer
single sink sinner sir sis sister sit site sitter situation six sixteen sixth size skate
skateboard skeleton skeng sket sketch skill skin skinhead skinny skip skipped skirt skunk sky
skype slack slag slam slang slap slapper slash slave sledge sleep sleeper sleepover sleepy sleeve
slept slice slide slight slim slip slipped slipper slippers slit slogan sloppy slow slower slur
slut sly sm1 smack small smaller smart smartphone smash smear smell smelly smile smirnoff smoke
smoker smooth smth smuggle sn snack snacks snap snapchat snappy snatch sneak sneaked sneaky sneeze
snicket sniff snitch snitches snitching snog snood snooker snow snowy snuck so soaked soap sobbing
sober sociable social sock sofa soft software soil sold solder soldier sole solicitor solid solo
solution solve somali some somebody somehow someone someplace something sometime sometimes someway
somewhere sommat son song soon soothe sophisticated sore sorry sort soul sound soup sour source
south southern space spaghetti spanner spare spark sparkly speak speaker speakers special specific
specs spectacles speech speed speeding spell spelled spelt spend sperm spice spider spike spill
spine spiral spirit spit spiteful splash splendid spliff splinter split spoil spoilt spoke sponsor
spooky spoon sport sports sporty spot spotify spotted spotty spouse spray spread spree spring
springtime sprint spy squabble squad square squash squat squeal squeeze squirrel srsly st stab
stability stable stack stadium staff stage stagger stain stair stairwell stake stale stalk stalker
stalking stall stamp stance stand standard staple star stare start starter startled starving state
statement states station stationary stationery statistics statue status stay stayed std steady
steal steam steep steer step stepdad stepfather stepmum stereo stern steroids steward sth sti
stick sticker stickers sticky stiff still stink stir stitch stitches stock stockings stocky stole
stolen stomach stone stood stool stop stopper storage store storey storm stormed story str
straight strain strand strange stranger strangers strap strategic strategy straw strawberry streak
stream street strength stress stretch strictly strike strip stripe stripper stroke strong stronger
stroppy struck structure struggle stubborn stuck student studio study stuff stumble stunned
stunning stunt stupid style subject sublet submit subscription substance substitute subtle suburb
succeed successful such suck sudden suffer sufficient suffocate sugar sugary suggest suicide suit
suitable suitcase sulk sulking sulky sum summary summat summer sun sunbathe sunbed sunburn sunday
sunflower sunglasses sunny sunrise sunset sunshine super superior superman supervision supervisor
supper supplier supply support supporter suppose sure surface surge surgery surname surprise
surrender surround survey survive suspect suspects suspend suspended suspension suspicious sw
swallow swap swear swearing sweat sweater sweaty sweep sweet sweetheart swell swim swimmer
swimsuit swing switch swollen swore sympathetic sympathy symptom syndrome syringe system table
tablet tablets tact tactic tag tail take takeaway takeaways taken takings tale talent talk tall
taller tampered tampon tan tangle tanned tanner tantrum tap tape target tarmac taste tasty tattoo
tattooed tattoos taught tax taxi taxis tbh tea teach teacher team tear tears tease techniques
teddy teen teenage teenager teeth telephone tell telly temper temperature temporary tempt tempted
ten tenant tendency tenner tense tent tenth term terraced terrible terrific terrify territory
terror terrorist test testimony text texted than thank that thatll thats the theatre theft their
them theme themselves then therapist therapy there there's therefore thereof these they theyd
theyre theyve thick thief thier thigh thin thing think thinks thinner third thirsty thirteen
thirty this tho thong thorough those though thought thousand thread threat threaten threatened
three threw thrill throat throne through throw thrown thru thumb thump thunder thunderstorm
thursday thus thx ticket tidy tie tiger tight tights tiktok tiles till time timer timetable timid
tin tinder ting tiny tip tipsy tiptoe tire tired tissue title tmrw tmw tnight to toast tobacco
toddler toe toenail together toilet toiletries toilets told toll tomato tomorrow ton tongue tonic
tonight too took tool tooth toothache toothbrush toothpaste top topic topless torch torment torn
tortoise torture total touch tough tour tourist toward towel tower town toxic toy toys trace
tracing track tracker trackies tracksuit tracky trade trader traditional traffic tragedy trail
trailer train trainer trainers trait tram tramp trance transfer transform transgender translate
transparent transport trap trash trauma traumatised travel traveller tray treacle treasure treat
treatment treaty tree tremble trend trespass trial triangle tribe trick tricky trigger trip
trolley trooper trophy trouble trouser trousers truancy truant truck true truly trunk trust
trustworthy truth try tryna tube tuck tuesday tumble tummy tuna tune tunnel turkey turkish turn
tutor tv twelfth twelve twenty twice twin twins twist twitch twitter two txt type typewriter
typical tyre u uber ugly ulcer ultimate um umbrella unable unaware unbelievable unblocked
uncertain uncle uncomfortable unconscious under underage undercover underneath understand
underwear undress unemployed unfair unfamiliar unfortunately unfriended ungrateful unhappy
unidentified uniform uninvited unique unit unite universe university unknown unless unlikely
unlock unlucky unpack unpaid unpleasant unpredictable unreliable unsafe unsettled unsure until
untrue unusual unwell unwilling up upload upon upper upright uproar upset upsetting upstair
uptight upward ur urdu urge urgent urine us use used user usual uterus v vacant vaccine vagina
vague valentine valid valium valley valuable valuables value van vandal vape vapes variety various
vast vault veg vegan vegetable vegetarian vehicle vein verbal verdict verge verify version versus
very vest vet via vibe viber vicious victim victory video videos view viewer vigilant vile village
villain vinegar vinted violation violence violent virgin virus visible vision visit visited
visitor visual vital vitamin vivid vocal vodka voice volume volunteer vomit voucher vouchers vow
voyeur vry vulgar vulnerable wa wage wages wagwan waist wait waited waiter wake walk walked walker
wall wallet wander wanna want wants war ward warden wardrobe warehouse warm warmth warn warned
warning warrant wary was wash washer washing wasnt wasp waste wasteman wat watch watched water
waterproof watsapp wave wavy way we weak weaker wealth wealthy wean weapon wear weary weather web
webcam website wed wedding wednesday wee weed week weekday weekdays weekend weekly weep weight
weird weirdo welcome welfare well welsh wen went wer were werent west western wet weve whack what
whatever whats whatsapp whatsoever wheel wheelchair when whenever where whereabouts whereas wheres
wherever whether which whichever while whine whip whiskey whisky whisper whispered whistle white
who whoever whole wholl whom whore whos whose why wide widow width wierd wife wifi wig wild will
willing win wind window windy wine wing wink winner winter wipe wisdom wise wish wishes with
withheld within without witness witnesses witty wiv wk wkd wks wld wldnt wnt wobble wobbly woke
woken wolf woman women wonder wonders wont wood wooden wool word wording wore work worker workmen
worksheet workshop world worldwide worm worn worries worry worryingly worse worship worst worth
worthless worthwhile wot would wouldnt wouldve wound wrap wrapper wraps wreck wrestle wrinkle
wrist write writer wrong wrote wud wudnt x xanax xbox xmas xx xxx y ya yacht yahoo yard yawn yday
yeah year yell yellow yep yes yest yesterday yet yob yoga yoghurt yorkshire you youll young
younger youngest youngster your youre yours yourself yous youse youth youths youtube youve yr yrs
yuck yute zanies zebra zero zip zipper zombie zone zoo zoom
"""


@lru_cache(maxsize=1)
def _base() -> frozenset[str]:
    return frozenset(_BASE.split())


def is_listed(word: str) -> bool:
    """Return whether the lower-case `word` is in the list itself."""
    return word in _base()


@lru_cache(maxsize=8192)
def is_common(word: str) -> bool:
    """Return whether the lower-case `word` is everyday English, inflected or not."""
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
