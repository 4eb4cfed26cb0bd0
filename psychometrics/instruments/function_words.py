"""English function words: what is dropped before the content words of items are compared.

The lists hold closed-class words only, in lower case and with apostrophes deleted ("don't" is
"dont"). Contractions that then read as an open-class word ("I'll" as "ill", "she'd" as "shed")
are left out, and so are verbs, nouns and adjectives, however frequent.
"""

_NEGATIONS = """
no not never nobody nothing none nowhere neither nor cannot without
hardly scarcely barely rarely seldom
dont doesnt didnt isnt arent wasnt werent aint wont cant couldnt wouldnt shouldnt
havent hasnt hadnt mustnt mightnt neednt oughtnt shant
"""

_WORDS = """
i me my mine myself we us our ours ourselves you your yours yourself yourselves
he him his himself she her hers herself it its itself they them their theirs themselves themself
one ones oneself someone somebody something anyone anybody anything everyone everybody everything
who whom whose which what whoever whomever whichever whatever

a an the this that these those such same own other others another else

all both each every either any some many much more most few fewer less least several enough plenty
lot lots half

about above across after against along alongside amid among around as at before behind below
beneath beside besides between beyond by despite down during except for from in inside into near of
off on onto out outside over past per since through throughout to toward towards under underneath
until till up upon via with within

and but or so yet if because although though unless whereas while whilst whether than
once when whenever where wherever why how however therefore thus hence otherwise instead

be am is are was were been being have has had having do does did doing done
can could will would shall should may might must ought

very quite rather too just even still only also almost nearly fairly somewhat mostly mainly
largely partly entirely

always usually often sometimes frequently occasionally generally regularly constantly ever again
already now then here there perhaps maybe somehow somewhere anywhere everywhere anyway

im ive id youre youve youd youll hes shes theyre theyve theyd theyll weve itd itll
thats thatll theres whos whats wheres hows
"""

ENGLISH_NEGATIONS: frozenset[str] = frozenset(_NEGATIONS.split())
"""Words that negate a statement or all but negate it."""

ENGLISH: frozenset[str] = frozenset(_WORDS.split()) | ENGLISH_NEGATIONS
"""Function words of English, negations among them."""
