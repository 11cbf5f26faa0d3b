"""Vehicles: colour, make, model, body, in the order people say them; the model brings its make."""

import re
from functools import cache
from typing import NamedTuple

from domain.forms import name
from domain.values import Mention

_MAKES = """
alfa_romeo:giulietta,mito,alfa_147,alfa_156  audi:a1,a2,a3,a4,a5,a6,a7,a8,q2,q3,q5,q7,tt,r8,s3,s4,s5,rs3,rs4,rs5,rs6
bmw:1_series,2_series,3_series,4_series,5_series,6_series,7_series,one_series,three_series,five_series,x1,x3,x5,x6,m2,m3,m4,m5,z3,z4,116,118,120d,318,320,320d,325,330,330d,520d,530d,535d
chevrolet:aveo,captiva,cruze,lacetti,matiz  chrysler:voyager,ypsilon,pt_cruiser
citroen:c1,c2,c3,c4,c5,ds3,ds4,berlingo,picasso,saxo,xsara,dispatch,relay,c4_picasso,c3_picasso,nemo  dacia:duster,sandero,logan
fiat:punto,panda,500,doblo,ducato,bravo,stilo,scudo,seicento,fiat_500,grande_punto
ford:fiesta,focus,mondeo,ka,escort,transit,galaxy,kuga,puma,c-max,cmax,c_max,s-max,smax,s_max,b-max,ranger,connect,transit_connect,transit_custom,ecosport,fusion,mustang,sierra,capri,tourneo,courier
honda:civic,accord,jazz,cr-v,crv,hr-v,insight  hyundai:i10,i20,i30,i40,ix20,ix35,getz,accent,tucson,santa_fe,amica,coupe  isuzu:d-max,trooper,rodeo
jaguar:xf,xe,xj,x-type,x_type,s-type,s_type,f-pace,xk  jeep:cherokee,grand_cherokee,wrangler,renegade,compass  kia:picanto,rio,ceed,sportage,sorento,soul,venga,carens,sedona,stonic,niro
land_rover:discovery,freelander,defender,range_rover,range_rover_sport,range_rover_evoque,evoque,disco  lexus:is200,is220,is250,rx300,rx400  mazda:mazda_2,mazda_3,mazda_6,mx5,mx-5,rx8,rx-8,cx5,cx-5,bongo
mercedes:a_class,b_class,c_class,e_class,s_class,a-class,b-class,c-class,e-class,s-class,cla,clk,cls,sprinter,vito,slk,glc,amg,viano,citan,c63,c180,c200,c220,c250,e220,e250,a180,a200,a45
mg:zr,zs,zt,tf,mg3,mg6,hs  mini:cooper,countryman,clubman,mini_cooper,cooper_s  mitsubishi:lancer,evo,shogun,l200,outlander,colt,pajero,shogun_sport
nissan:micra,almera,primera,qashqai,juke,note,navara,x-trail,xtrail,primastar,pathfinder,leaf,350z,skyline,nv200,nv400,pixo
peugeot:106,107,108,205,206,207,208,306,307,308,3008,406,407,508,5008,2008,partner,expert,boxer,bipper,rifter  porsche:cayenne,boxster,911,macan,panamera  proton:satria,gen_2,savvy
renault:clio,megane,scenic,laguna,twingo,kangoo,trafic,espace,modus,captur,kadjar,kadjah,zoe_car,grand_scenic  rover:25,45,75,200,216,streetwise  saab:93,9-3,95,9-5
seat:ibiza,leon,toledo,altea,arosa,alhambra,ateca,mii,cordoba  skoda:fabia,octavia,superb,yeti,roomster,citigo,kodiaq,karoq,rapid  smart:fortwo,forfour,roadster,smart_car
subaru:impreza,legacy,forester,wrx  suzuki:swift,alto,vitara,jimny,ignis,splash,sx4,wagon_r,grand_vitara,celerio  tesla:model_3,model_s,model_y
toyota:yaris,aygo,auris,corolla,avensis,prius,hilux,rav4,previa,verso,celica,carina,hiace,land_cruiser,mr2,proace,chr,c-hr,estima,alphard
vauxhall:corsa,astra,vectra,zafira,meriva,insignia,vivaro,combo,mokka,adam_car,agila,tigra,omega,movano,signum,astravan,astra_van,cavalier,nova,viva,crossland,corsavan,vxr,frontera,antara,calibra,cascada
volkswagen:golf,polo,passat,transporter,caddy,touran,sharan,tiguan,bora,lupo,jetta,scirocco,beetle,touareg,crafter,up,fox,t4,t5,t6,caravelle,arteon,eos,golf_gti,golf_r,sirocco
volvo:v40,s40,v50,s60,v60,v70,xc60,xc70,xc90,s80,c30,v90  daewoo:lanos,nubira,kalos  daihatsu:sirion,charade,terios  iveco:daily  ldv:maxus,convoy  ssangyong:rexton,musso  cupra:formentor,born
bentley:continental,bentayga  lamborghini:urus,huracan  ferrari:  maserati:ghibli,levante  infiniti:  aston_martin:vantage
yamaha:r125,r6,aerox,nmax,tmax  kawasaki:ninja  ducati:monster  vespa:  piaggio:zip,typhoon  aprilia:rs125  sur-ron:  ktm:exc,duke
"""
_SPOKEN = {
    "vw": "volkswagen", "vdub": "volkswagen", "merc": "mercedes", "mercs": "mercedes",
    "mercedes benz": "mercedes", "mercedes-benz": "mercedes", "benz": "mercedes", "merk": "mercedes",
    "beemer": "bmw", "beamer": "bmw", "bimmer": "bmw", "beema": "bmw", "bm": "bmw", "beamer bmw": "bmw",
    "vauxall": "vauxhall", "vauxhal": "vauxhall", "voxhall": "vauxhall", "peugot": "peugeot", "pug": "peugeot",
    "puegot": "peugeot", "pugeot": "peugeot", "hyundi": "hyundai", "toyoto": "toyota", "citreon": "citroen",
    "landrover": "land rover", "land rover": "land rover", "landy": "land rover", "chevy": "chevrolet", "rangerover": "land rover range rover",
    "rangie": "land rover range rover", "rangey": "land rover range rover", "range": "land rover range rover",
    "jag": "jaguar", "lambo": "lamborghini", "porche": "porsche", "mitsi": "mitsubishi", "scooby": "subaru",
    "suzi": "suzuki", "corser": "vauxhall corsa", "corsas": "vauxhall corsa", "zaf": "vauxhall zafira", "insigna": "vauxhall insignia",
    "mondy": "ford mondeo", "tranny": "ford transit", "trany": "ford transit", "transits": "ford transit", "fester": "ford fiesta",
    "quashqai": "nissan qashqai", "cashcai": "nissan qashqai", "kashkai": "nissan qashqai", "qashquai": "nissan qashqai", "meganne": "renault megane",
    "octy": "skoda octavia", "siroco": "volkswagen scirocco", "passatt": "volkswagen passat", "touran": "volkswagen touran",
}  # fmt: skip
_COLOURS = frozenset(
    """
    black white silver grey gray blue red green yellow orange brown purple pink gold golden beige
    cream maroon navy bronze turquoise burgundy champagne gunmetal blk wht slvr teal lime magnolia
    charcoal graphite pearl mustard tan cherry two-tone
    """.split()
)
_SAME_COLOUR = {"gray": "grey", "blk": "black", "wht": "white", "slvr": "silver", "golden": "gold"}
_SHADES = frozenset("dark light metallic bright navy royal matt matte pale darkish midnight sky baby racing electric lime satin dk lt".split())
_TRIM = frozenset(
    """
    old older new newish newer big little small battered tatty flash posh nice sporty lowered boy racer
    shiny dirty tinted 3dr 5dr three-door five-door sport hatch private long short wheel base lwb swb
    M-reg reg plate type shape mk4 mk5 mk6 mk7 mk mark model hire rental company works work
    """.lower().split()
)  # fmt: skip
_BODIES = frozenset(
    """
    car van taxi minibus cab minicab pickup pick-up 4x4 jeep estate hatchback hatch saloon coupe convertible
    moped scooter motorbike motorcycle bike quad lorry truck suv camper limo limousine hearse mpv
    people_carrier pick_up quad_bike dirt_bike private_hire transit_van flatbed cabriolet soft_top camper_van campervan
    luton e-scooter pit_bike electric_bike e-bike tipper black_cab sports_car motor
    """.split()
)
_ALONE = frozenset("people_carrier minibus pickup pick-up pick_up quad_bike dirt_bike pit_bike black_cab campervan camper_van".split())
"""Bodies that are vehicles without a colour: everyday words such as "car" are not."""
_DOUBTFUL = frozenset(
    """
    golf polo focus up mini 500 galaxy note jazz civic accord fox soul smart leaf partner expert boxer rio
    connect ranger puma escort fusion courier combo nova viva insight coupe rapid superb swift alto splash
    daily zip duke monster compass duster logan 911 25 45 75 200 216 93 95 116 118 318 320 325 330 106 107
    108 205 206 207 208 306 307 308 406 407 508 range pug bm discovery disco convoy born adam leon
    continental hs tt zs zr zt tf rover seat benz jag legacy range_rover typhoon ninja up carina cooper
    eos omega sierra capri mustang beetle vito evo colt bravo modus zoe_car relay dispatch ka suzi q5 q3 a1 a2 tucson
    accent cascada amg is200 verso mg3 passat caddy mercedes t4 t5 t6 x1 x3 m2 m4 m5 c1 c2 c3 c4 c5 s3 s4 s5 amica shogun bongo
    voyager pathfinder defender kona venga crafter mini_cooper landy transporter vxr
    """.split()
)
"""Words that name a vehicle only beside a colour, a make, or somebody driving."""
_SURE_LATER = frozenset("passat caddy mini_cooper range_rover shogun transporter mercedes jag benz discovery vito evo landy a1 q5 q3 t4 t5 t6 defender crafter beetle cooper".split())

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-'][A-Za-z0-9]+)*")
_DRIVING = re.compile(
    r"(?:\b(?:driv(?:e|es|ing|en)|drove|got (?:in(?:to)?|out(?: of)?)|get(?:s|ting)? (?:in(?:to)?|out of)|in|into|out of|of|same|reg|parked)"
    r"\s(?:a|an|the|his|her|their|that|this|some)?\s?|\b(?:his|a|an|that|this|same|poss|possibly|maybe|prob|think its a|looked like an?|be an?|the old|old)\s)$",
    re.IGNORECASE,
)


class _Tables(NamedTuple):
    made: dict[str, str]
    models: dict[str, str]


@cache
def _tables() -> _Tables:
    made: dict[str, str] = {}
    models: dict[str, str] = {}
    for entry in _MAKES.split():
        make, _, listed = entry.partition(":")
        made[make.replace("_", " ")] = make.replace("_", " ")
        for model in filter(None, listed.split(",")):
            spoken = model.replace("_", " ").removesuffix(" car")
            full = spoken if spoken.startswith(make.replace("_", " ")) else f"{make} {spoken}"
            models.setdefault(spoken, full.replace("_", " "))
    for spoken, meant in _SPOKEN.items():
        (made if meant in made else models)[spoken] = meant
    return _Tables(made, models)


@cache
def words() -> frozenset[str]:
    """Single words that name a make or model and nothing else: no reading takes them for people."""
    tables = _tables()
    return frozenset(w for w in (*tables.made, *tables.models) if w.replace(" ", "_") not in _DOUBTFUL)


def vehicles(text: str) -> list[Mention]:
    """Every vehicle that `text` describes, in order, without overlap."""
    tokens = [(m.start(), m.end(), m.group().lower()) for m in _TOKEN.finditer(text)]
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        vehicle, used = _at(text, tokens, at)
        if vehicle is not None:
            found.append(vehicle)
        at += used
    return found


_Tokens = list[tuple[int, int, str]]


def _at(text: str, tokens: _Tokens, at: int) -> tuple[Mention | None, int]:
    """The vehicle whose description begins at this token, and how many tokens to step on."""
    i = at
    colours: list[str] = []
    while i < len(tokens) and _near(text, tokens, i, at):
        word = tokens[i][2]
        if word in _COLOURS or (word in _SHADES and i + 1 < len(tokens) and tokens[i + 1][2] in _COLOURS):
            colours.append(_SAME_COLOUR.get(word, word))
        elif not (colours and (word in _TRIM or word in ("and", "n", "or", "ish") or word.endswith("-reg") or re.fullmatch(r"\d\d", word))):
            break
        i += 1
    if i - at > 6:
        return None, 1
    known = _known(text, tokens, i)
    body = _body(text, tokens, i + known.used)
    end = i + known.used + body.used
    if not known.used and not body.used:
        return None, 1
    if not colours and not known.used and tokens[i][2].replace(" ", "_") not in _ALONE and body.words not in _ALONE:
        return None, 1
    first = tokens[at][0]
    if not colours and known.used and known.doubtful and not body.used and not _DRIVING.search(text[max(0, first - 24) : first]):
        return None, 1
    normal = " ".join(part for part in (*colours, known.meant or body.words.replace("_", " ")) if part)
    sure = 0.6 + 0.2 * bool(colours) + 0.15 * bool(known.used and not known.doubtful)
    return Mention(first, tokens[end - 1][1], "vehicle", normal, min(sure, 0.95)), end - at


class _Known(NamedTuple):
    used: int
    meant: str
    doubtful: bool


class _Body(NamedTuple):
    used: int
    words: str


def _near(text: str, tokens: _Tokens, i: int, first: int) -> bool:
    """Whether token `i` follows its neighbour closely enough to be in the same description."""
    return i == first or (i < len(tokens) and re.fullmatch(r"[\s/&,-]{1,2}", text[tokens[i - 1][1] : tokens[i][0]]) is not None)


def _joined(text: str, tokens: _Tokens, i: int, count: int) -> str | None:
    if i + count > len(tokens):
        return None
    if any(text[tokens[k][1] : tokens[k + 1][0]] not in (" ", "-", "  ") for k in range(i, i + count - 1)):
        return None
    return " ".join(name(tokens[k][2]) if count > 1 else tokens[k][2] for k in range(i, i + count))


def _longest(text: str, tokens: _Tokens, i: int, table: dict[str, str]) -> tuple[int, str]:
    for count in (3, 2, 1):
        words = _joined(text, tokens, i, count)
        if words is not None and words in table:
            return count, words
    return 0, ""


def _known(text: str, tokens: _Tokens, i: int) -> _Known:
    """A make, a model, or a make and its model from token `i` on."""
    tables = _tables()
    model_used, model = _longest(text, tokens, i, tables.models)
    used, make = _longest(text, tokens, i, tables.made)
    if model_used >= used and model_used:
        return _Known(model_used, tables.models[model], _doubt(model))
    if not used:
        return _Known(0, "", False)
    after, model = _longest(text, tokens, i + used, tables.models)
    meant = tables.made[make]
    if after and _near(text, tokens, i + used, -1):
        full = tables.models[model]
        return _Known(used + after, full if full.startswith(meant) else f"{meant} {model}", False)
    return _Known(used, meant, _doubt(make))


def _doubt(words: str) -> bool:
    key = words.replace(" ", "_")
    return key in _DOUBTFUL and key not in _SURE_LATER


def _body(text: str, tokens: _Tokens, i: int) -> _Body:
    if i >= len(tokens) or (i and not _near(text, tokens, i, -1)):
        return _Body(0, "")
    for count in (2, 1):
        words = _joined(text, tokens, i, count)
        if words is not None and words.replace(" ", "_") in _BODIES and not text[tokens[i + count - 1][1] :].startswith("s "):
            return _Body(count, words.replace(" ", "_"))
    return _Body(0, "")
