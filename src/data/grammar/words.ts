/**
 * The words of the grammar corpus, the most frequent of each class first. No two forms are spelt alike, all are regular, and no
 * noun or adjective begins with a vowel's sound, so that no form depends on more than the machine of `story.ts` knows.
 */

const list = (words: string) => words.trim().split(/\s+/);

export const NAMES_SHE = list(`
  Anna Maria Clara Emma Julia Nora Lucy Alice Sofia Greta Helen Martha Ella Ruth Laura Paula Rosa Ida Vera Agnes Edith
  Frida Hanna Irene Jane Karin Lena Mina Nina Olga Petra Rita Sarah Tilda Ursula Wanda Yvonne Zoe Bella Carla Dora Eva
  Flora Gina Hilda Inga Josie Kate Lydia Mona Nelly Polly Regina Sylvia Tina Viola Wilma Zelda Amy Beth`);

export const NAMES_HE = list(`
  Peter John Paul Henry Max Oscar Felix Hugo Leo Thomas Adam Bruno Carl David Erik Frank George Hans Igor Jacob Karl
  Louis Martin Noah Otto Philip Robert Simon Theo Victor Walter Anton Ben Conrad Daniel Emil Fred Gustav Harry Ivan
  Jonas Kurt Lukas Mark Nils Olaf Patrick Ralph Samuel Tim Urban Viktor Werner Xaver Zeno Albert Boris Chris Dirk
  Edgar`);

/** Those that a pronoun can stand for carry it; of the others none is used. */
export const PEOPLE = list(`
  king:he queen:she farmer boy:he girl:she teacher sailor doctor baker mother:she father:he brother:he sister:she
  painter soldier singer writer doorman:he hunter driver nurse judge princess:she prince:he widow:she monk:he nun:she
  grandmother:she grandfather:he daughter:she son:he lady:she lord:he duke:he gardener miller cook shepherd tailor
  student lawyer merchant friend neighbor stranger guest captain pilot dancer poet priest clown pirate giant witch:she
  wizard:he knight servant waiter waitress:she banker lover builder speaker reader rider runner swimmer climber digger
  messenger`);

export const ANIMALS = list(`
  dog cat horse bird cow bear rabbit lion tiger frog snake pig duck hen goat donkey pony fox rat bee whale shark seal
  monkey camel turtle lizard crow raven swan dove parrot robin hawk badger beaver hamster mole bat spider beetle moth
  wasp cricket snail crab lobster penguin zebra giraffe panda leopard panther jaguar gorilla puppy kitten cub colt
  lamb squirrel weasel ferret skunk toad newt python cobra viper stork heron peacock pigeon sparrow woodpecker`);

export const THINGS = list(`
  book letter key lamp table chair box bottle boat ship car wagon cart bicycle hat coat shirt dress ring crown sword
  shield bell drum violin guitar flute candle mirror clock picture map flag rope ladder hammer nail saw shovel bucket
  basket bag purse coin stone brick board plank wheel door window gate wall roof tower bridge fence bench bed blanket
  pillow carpet curtain cup plate bowl spoon pot pan kettle stove pipe match lantern torch rocket robot machine motor
  pump battery button needle ribbon scarf glove boot shoe sock belt mask doll toy kite ball balloon puzzle card pencil
  brush newspaper notebook diary poem song story message parcel package present statue fountain pillar column beam
  barrel tank trunk chest drawer cupboard cabinet wardrobe sofa stool desk screen camera telescope compass sail mast
  paddle raft canoe ferry tram train bus truck tractor plow rake hoe sickle bow net trap cage leash saddle whip`);

export const FOODS = list(`
  cake pie cookie soup sandwich pizza pancake sausage pear banana cherry peach plum lemon melon grape berry nut carrot
  potato tomato pumpkin pepper radish turnip cabbage mushroom bean pea muffin waffle cracker pretzel noodle dumpling
  steak burger salad stew pudding candy lollipop biscuit roll bun toast kebab walnut coconut date fig mango papaya
  pickle`);

export const PLACES = list(`
  house garden river forest kitchen market school church castle village town city harbor beach lake hill mountain
  valley field farm barn stable mill bakery library museum theater station street road square park cellar garage shop
  store factory hospital hotel prison palace temple cave desert swamp meadow pond canal port yard court hall chapel
  cottage cabin tent camp tavern bar cafe bank studio gallery stadium circus zoo`);

/** What people and animals do by themselves. */
export const ACTS = list(`
  sleep run sing dance laugh wait smile jump swim walk cry dream rest climb hide work play talk sneeze yawn shout
  whisper listen tremble blush nod kneel stumble limp crawl gallop wander travel leave return stay vanish hesitate
  complain grumble giggle snore cough sigh sob weep faint pray struggle succeed fail relax exercise stretch shiver
  sweat starve breathe blink wink frown stare march hurry linger roam drift`);

/** What things do. */
export const HAPPENINGS = list(`
  shine fall stand break burn float sink spin rattle glow rust melt crack vibrate fade topple leak wobble creak gleam`);

/** What one does to anybody and anything. */
export const DEALINGS = list(`
  see find like remember love watch fear hate miss hear notice forget admire protect follow need draw describe
  discover ignore recognize imagine trust visit seek pursue lose touch hold push pull carry lift hit kick catch save
  rescue attack surround approach avoid reach choose prefer expect fetch bring chase examine inspect observe study
  photograph sketch praise blame respect mention doubt dislike adore despise cherish bother scare surprise`);

/** What one does to things only. */
export const HANDLINGS = list(`
  open close build sell repair paint clean move make steal borrow buy drop throw wash polish bury destroy design
  invent collect pack unload wrap fold hang fill empty lock unlock shake bend crush scratch decorate replace measure
  stack sort trade lend rent donate label`);

/** What one does to food only. */
export const MEALS = list(`
  eat taste bake serve chew swallow slice peel fry roast boil season nibble devour grill`);

/** What people do with a clause. */
export const SAYINGS = list(`
  say think know believe hope claim guess insist suspect swear explain announce pretend reply suggest`);

/** Of people and animals. */
export const FEELINGS = list(`
  happy tired hungry brave sad proud clever lonely shy lazy wise kind jealous nervous careful cheerful calm gentle
  greedy thirsty sleepy stubborn loyal playful bored curious patient polite rude cruel fierce bold timid modest famous
  faithful noble merry moody grumpy jolly lively silly mad mean merciful nosy pale peaceful quick reckless restless
  selfish sincere sober stern thoughtful`);

/** Of anything. */
export const QUALITIES = list(`
  big small little young new red black white green blue long short tall heavy dark bright cold warm strange beautiful
  pretty wonderful terrible dirty dry wet soft hard quiet loud slow fast rich poor cheap golden silver brown gray
  yellow pink purple round flat thin thick wide narrow deep high low sharp smooth rough rusty broken lost hidden
  secret sacred magic common rare precious simple fancy funny perfect fresh rotten sweet sour salty spicy tasty huge
  tiny massive light strong weak solid fragile shiny dusty muddy sandy snowy frozen hot lukewarm modern medieval royal
  local foreign distant nearby lucky dangerous safe harmless remarkable familiar`);

export const MANNERS = list(`
  often never always slowly quickly quietly happily suddenly sadly gladly rarely secretly gently carefully loudly
  bravely proudly barely nearly simply truly really clearly finally gradually politely rudely calmly eagerly easily
  badly kindly wisely boldly shyly lazily greedily nervously patiently cheerfully faithfully reluctantly silently
  softly swiftly warmly weakly wildly merrily`);

export const OPENERS = list(`
  today now then sometimes later soon once again tomorrow meanwhile`);

export const PREPOSITIONS = list(`
  in near behind from through outside beyond around past toward inside beside`);

export const ONE = list(`
  a this every another one`);

export const SEVERAL = list(`
  some many these two three those few`);
