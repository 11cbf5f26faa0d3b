"""Makes, models, colours and bodies of vehicles as people in the UK say them."""

from functools import cache
from typing import NamedTuple

from domain.forms.patterns import words

# Makes and models of vehicles. Each line is a make with its models; "_" means a space.
_MAKES = """
alfa_romeo:giulietta,mito,alfa_147,alfa_156
audi:a1,a2,a3,a4,a5,a6,a7,a8,q2,q3,q5,q7,tt,r8,s3,s4,s5,rs3,rs4,rs5,rs6
bmw:1_series,2_series,3_series,4_series,5_series,6_series,7_series,one_series,three_series
bmw:five_series,x1,x3,x5,x6,m2,m3,m4,m5,z3,z4,116,118,120d,318,320,320d,325,330,330d,520d,530d
bmw:535d
chevrolet:aveo,captiva,cruze,lacetti,matiz
chrysler:voyager,ypsilon,pt_cruiser
citroen:c1,c2,c3,c4,c5,ds3,ds4,berlingo,picasso,saxo,xsara,dispatch,relay,c4_picasso,c3_picasso
citroen:nemo
dacia:duster,sandero,logan
fiat:punto,panda,500,doblo,ducato,bravo,stilo,scudo,seicento,fiat_500,grande_punto
ford:fiesta,focus,mondeo,ka,escort,transit,galaxy,kuga,puma,c-max,cmax,c_max,s-max,smax,s_max
ford:b-max,ranger,connect,transit_connect,transit_custom,ecosport,fusion,mustang,sierra,capri
ford:tourneo,courier
honda:civic,accord,jazz,cr-v,crv,hr-v,insight
hyundai:i10,i20,i30,i40,ix20,ix35,getz,accent,tucson,santa_fe,amica,coupe
isuzu:d-max,trooper,rodeo
jaguar:xf,xe,xj,x-type,x_type,s-type,s_type,f-pace,xk
jeep:cherokee,grand_cherokee,wrangler,renegade,compass
kia:picanto,rio,ceed,sportage,sorento,soul,venga,carens,sedona,stonic,niro
land_rover:discovery,freelander,defender,range_rover,range_rover_sport,range_rover_evoque
land_rover:evoque,disco
lexus:is200,is220,is250,rx,rx300,rx400,nx,ct200
mazda:mazda_2,mazda_3,mazda_6,mx5,mx-5,rx8,rx-8,cx5,cx-5,bongo
mercedes:a_class,b_class,c_class,e_class,s_class,a-class,b-class,c-class,e-class,s-class,cla
mercedes:clk,cls,sprinter,vito,slk,glc,amg,viano,citan,c63,c180,c200,c220,c250,e220,e250,a180
mercedes:a200,a45
mg:zr,zs,zt,tf,mg3,mg6,hs
mini:cooper,countryman,clubman,mini_cooper,cooper_s
mitsubishi:lancer,evo,shogun,l200,outlander,colt,pajero,shogun_sport
nissan:micra,almera,primera,qashqai,juke,note,navara,x-trail,xtrail,primastar,pathfinder,leaf
nissan:350z,skyline,nv200,nv400,pixo
peugeot:106,107,108,205,206,207,208,306,307,308,3008,406,407,508,5008,2008,partner,expert,boxer
peugeot:bipper,rifter
porsche:cayenne,boxster,911,macan,panamera
proton:satria,gen_2,savvy
renault:clio,megane,scenic,laguna,twingo,kangoo,trafic,espace,modus,captur,kadjar,kadjah
renault:zoe_car,grand_scenic
rover:25,45,75,200,216,streetwise
saab:93,9-3,95,9-5
seat:ibiza,leon,toledo,altea,arosa,alhambra,ateca,arona,mii,cordoba
skoda:fabia,octavia,superb,yeti,roomster,citigo,kodiaq,karoq,rapid
smart:fortwo,forfour,roadster,smart_car
subaru:impreza,legacy,forester,wrx
suzuki:swift,alto,vitara,jimny,ignis,splash,sx4,wagon_r,grand_vitara,celerio
tesla:model_3,model_s,model_y
toyota:yaris,aygo,auris,corolla,avensis,prius,hilux,rav4,previa,verso,celica,carina,hiace
toyota:land_cruiser,mr2,proace,chr,c-hr,estima,alphard
vauxhall:corsa,astra,vectra,zafira,meriva,insignia,vivaro,combo,mokka,adam_car,agila,tigra
vauxhall:omega,movano,signum,astravan,astra_van,cavalier,nova,viva,crossland,corsavan,vxr
vauxhall:frontera,antara,calibra,cascada
volkswagen:golf,polo,passat,transporter,caddy,touran,sharan,tiguan,bora,lupo,jetta,scirocco
volkswagen:beetle,touareg,crafter,up,fox,t4,t5,t6,caravelle,arteon,eos,golf_gti,golf_r,sirocco
volvo:v40,s40,v50,s60,v60,v70,xc60,xc70,xc90,s80,c30,v90
daewoo:lanos,nubira,kalos
daihatsu:sirion,charade,terios
iveco:daily
ldv:maxus,convoy
ssangyong:rexton,musso
cupra:formentor,born
bentley:continental,bentayga
lamborghini:urus,huracan
ferrari:
maserati:ghibli,levante
infiniti:
aston_martin:vantage
yamaha:r125,r6,aerox,nmax,tmax
kawasaki:ninja
ducati:monster
vespa:
piaggio:zip,typhoon
aprilia:rs125
sur-ron:
ktm:exc,duke
"""
# Spoken or misspelt names, and the makes or models that they mean.
_SPOKEN = """
vw=volkswagen vdub=volkswagen merc=mercedes mercs=mercedes mercedes_benz=mercedes
mercedes-benz=mercedes benz=mercedes merk=mercedes beemer=bmw beamer=bmw bimmer=bmw beema=bmw
bm=bmw beamer_bmw=bmw vauxall=vauxhall vauxhal=vauxhall voxhall=vauxhall peugot=peugeot
pug=peugeot puegot=peugeot pugeot=peugeot hyundi=hyundai toyoto=toyota citreon=citroen
landrover=land_rover land_rover=land_rover landy=land_rover chevy=chevrolet
rangerover=land_rover_range_rover rangie=land_rover_range_rover rangey=land_rover_range_rover
range=land_rover_range_rover jag=jaguar lambo=lamborghini porche=porsche mitsi=mitsubishi
scooby=subaru suzi=suzuki corser=vauxhall_corsa corsas=vauxhall_corsa zaf=vauxhall_zafira
insigna=vauxhall_insignia mondy=ford_mondeo tranny=ford_transit trany=ford_transit
transits=ford_transit fester=ford_fiesta quashqai=nissan_qashqai cashcai=nissan_qashqai
kashkai=nissan_qashqai qashquai=nissan_qashqai meganne=renault_megane octy=skoda_octavia
siroco=volkswagen_scirocco passatt=volkswagen_passat touran=volkswagen_touran
"""
COLOURS = words(
    """
    beige black blk blue bronze brown burgundy champagne charcoal cherry cream gold golden
    graphite gray green grey gunmetal lime magnolia maroon mustard navy orange pearl pink purple
    red silver slvr tan teal turquoise two-tone white wht yellow
    """
)
SAME_COLOUR = {"gray": "grey", "blk": "black", "wht": "white", "slvr": "silver", "golden": "gold"}
SHADES = words(
    """
    baby bright dark darkish dk electric light lime lt matt matte metallic midnight navy pale
    racing royal satin sky
    """
)
TRIM = words(
    """
    3dr 5dr base battered big boy company dirty five-door flash hatch hire little long lowered lwb
    m-reg mark mk mk4 mk5 mk6 mk7 model new newer newish nice old older plate posh private racer
    reg rental shape shiny short small sport sporty swb tatty three-door tinted type wheel work
    works
    """
)
"""Words that may come between a colour and a make."""
BODIES = words(
    """
    4x4 bike black_cab cab cabriolet camper camper_van campervan car convertible coupe dirt_bike
    e-bike e-scooter electric_bike estate flatbed hatch hatchback hearse jeep limo limousine lorry
    luton minibus minicab moped motor motorbike motorcycle motorhome mpv people_carrier pick-up
    pick_up pickup pit_bike private_hire quad quad_bike saloon scooter soft_top sports_car suv
    taxi tipper transit_van truck van
    """
)
PLAIN_BODIES = frozenset({"car", "motor", "estate", "hatchback", "hatch", "saloon", "coupe"})
"""Body styles that add nothing to a description if the make is known."""
ALONE = words(
    """
    black_cab camper_van campervan dirt_bike minibus people_carrier pick-up pick_up pickup
    pit_bike quad_bike
    """
)
"""Body styles that mean a vehicle even without a colour; everyday words such as "car" are not among
them."""
DOUBTFUL = words(
    """
    106 107 108 116 118 200 205 206 207 208 216 25 306 307 308 318 320 325 330 406 407 45 500 508
    75 911 93 95 a2 accent accord adam alto amg amica bm bongo born boxer bravo c1 c2 c3 c4 c5
    capri carina cascada civic colt combo compass connect continental convoy coupe courier daily
    disco dispatch duke duster eos escort expert focus fox fusion galaxy golf hs insight is200
    jazz ka kona leaf legacy leon logan m2 m4 m5 mg3 mini modus monster mustang ninja note nova
    omega partner pathfinder polo pug puma range ranger rapid relay rio rover s3 s4 s5 seat sierra
    smart soul splash superb suzi swift tf tt tucson typhoon up venga verso viva voyager vxr x1 x3
    zip zoe_car zr zs zt
    """
)
"""Words that mean a vehicle only next to a colour, a make or a word for driving."""
STRICT = words(
    """
    200 216 25 45 75 93 95 accent accord boxer bravo connect daily duster expert fox hs insight
    legacy monster note partner range rapid relay rover smart soul splash swift tt up zip
    """
)
"""Words so common that even next to a word for driving they do not mean a vehicle."""


class Tables(NamedTuple):
    """The words that people use for makes and models of vehicles, each with the make or model that
    it means; and the words with which a description of a vehicle may begin (`openers`)."""

    made: dict[str, str]
    models: dict[str, str]
    openers: frozenset[str]


@cache
def tables() -> Tables:
    """Return the tables of makes and models; they are built once. "corsa" means "vauxhall
    corsa"."""
    made: dict[str, str] = {}
    models: dict[str, str] = {}
    for entry in _MAKES.replace("_", " ").split("\n"):
        make, _, listed = entry.partition(":")
        if make:
            made[make] = make
        for model in filter(None, listed.split(",")):
            spoken = model.removesuffix(" car")
            models.setdefault(spoken, spoken if spoken.startswith(make) else f"{make} {spoken}")
    for pair in _SPOKEN.split():
        written_form, _, meant = pair.replace("_", " ").partition("=")
        (made if meant in made else models)[written_form] = meant
    openers = {
        part
        for written_form in (*made, *models)
        for part in (written_form.split()[0], written_form.split("-")[0])
    }
    bodies = {body.split("_")[0] for body in ALONE}
    return Tables(made, models, frozenset(openers | bodies | COLOURS | SHADES))
