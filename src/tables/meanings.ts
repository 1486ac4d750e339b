/** What the names of columns mean, as loggers, courses, papers and other languages spell them. */

/** What a column holds, as far as its name tells. */
export type Meaning =
  /* sizes */
  | 'width'
  | 'parameters'
  | 'compute'
  | 'layers'
  | 'size'
  /* what was measured */
  | 'loss'
  | 'perplexity'
  | 'activation'
  /* about the loss */
  | 'error'
  | 'seeds'
  /* how it was trained */
  | 'tokens'
  | 'steps'
  | 'moment'
  | 'seed'
  | 'rate'
  | 'setting'
  /* whose it is */
  | 'series'
  | 'module'
  /* no part of a law */
  | 'index'
  | 'identity'
  | 'time'
  | 'budget'
  | 'spread'
  | 'auxiliary'
  | 'prediction'
  | 'state'
  | 'machine'
  | 'heads'
  | 'ratio'
  | 'difference'
  | 'metric';

/** Characters of a name beyond which it is a text and means nothing here. */
const LONGEST = 200;

/** Names without anything but letters and digits, in lower case. */
const NAMES: Record<
  Exclude<Meaning, 'loss' | 'setting' | 'moment' | 'spread' | 'auxiliary' | 'prediction' | 'metric' | 'difference'>,
  string
> = {
  width: `width widths modelwidth dmodel modeldim dimmodel hiddensize hiddendim hiddendimension hidden nembd nembed embdim embeddim embeddingdim embeddingsize
    modeldimension embeddingdimension dim dims emb embd dembed dembd channels nhidden hiddenunits units breite modellbreite largeur ancho anchura larghezza largura bredd breedte
    szerokość szerokosc ширина 宽度 幅 너비 basewidth networkwidth layerwidth widthmult widthmultiplier widthfactor wideningfactor widthscale`,
  parameters: `params parameters param parameter nparams nparameters numparams numparameters numberofparameters numberofparams parametercount paramcount paramscount parameterscount modelparams
    modelparameters totalparams totalparameters trainableparams trainableparameters nonembedding nonembeddingparameters nonembeddingparams nonembparams
    paramsnonembedding parametersnonembedding nonembed numnonembeddingparams activeparams activeparameters n total modelsize size sizes parameteranzahl anzahlparameter parametrar
    paramètres parametres parámetros parametros parametri параметры 参数 参数量 参数数量 パラメータ パラメータ数 매개변수 parametersincount nbparams nbparametres`,
  compute: `flops flop compute c totalflops trainflops trainingflops trainingcompute totalcompute gflops tflops pflops pflopsdays pfdays totalgflops computebudgetused rechenaufwand calcul`,
  layers: `layers layer nlayer nlayers numlayers numberoflayers numhiddenlayers depth modeldepth nblocks numblocks blocks tiefe schichten profondeur couches capas profundidad слои 层数`,
  size: `x`,
  perplexity: `perplexity ppl evalppl valppl valperplexity evalperplexity validationperplexity testperplexity testppl perplexité perplexidad perplexität`,
  activation: `l1 l1norm meanabs absmean meanabsolute activation activations act activationsize coordsize coord coordinate meanabsactivation rms rmsnorm l2 norm actnorm activationnorm
    activationrms meanabsact featurenorm featuresize abs`,
  error: `standarderror stderror stderr sem se losssem lossse lossstderr lossstandarderror finalevalstandarderror standardfehler erreurtype errorestandar errstd`,
  seeds: `seedsdone seeds nseeds numseeds nruns numruns replicates nreplicates numberofseeds numberofruns`,
  tokens: `tokens token trainingtokens traintokens ntokens numtokens tokensseen totaltokens tokenstotal tokenstrained tokencount tokenscount numberoftokens seentokens datasize datasetsize trainingdata traindata datasettokens datatokens
    consumedtokens consumedtokenscount tokensconsumed numtokenstrained dtokens uniquetokens trainsetsize samples examples nsamples numsamples trainingsamples consumedsamples
    samplesseen epoch epochs nepochs numepochs numtrainepochs epoche epochen époques epocas эпоха эпохи 轮次 sequences jetons 令牌 词元 训练词元`,
  steps: `step steps globalstep globalsteps it update trainsteps trainingsteps trainingstep nsteps numsteps numtrainsteps maxsteps totalsteps iter iters iteration iterations maxiters
    numiters niters niterations numiterations trainiters trainingiterations updates nupdates numupdates optimizersteps optimstep evalstep batches schritt schritte étape étapes pas paso pasos passo passi шаг шаги 步 步数`,
  seed: `seed randomseed rngseed trainseed initseed modelseed dataseed seedid trial trialnumber replicate repetition repeat rep reps repetitionid saat graine semilla startwert zufallssaat`,
  rate: `lr η learningrate learningrates maxlr peaklr lrmax lrpeak baselr lrbase initiallr initlr eta learnrate stepsize maxlearningrate peaklearningrate baselearningrate lernrate tauxdapprentissage
    tasadeaprendizaje 学习率 学習率 adamlr muonlr matrixlr hiddenlr`,
  series: `series serie reihe série recipe rezept`,
  module: `module modulename layername tensor tensorname paramname weightname submodule op activationname`,
  index: `index idx row rowid rownumber no nr num number rungsfitted rownames version nshot unnamed0 unnamed id # `,
  identity: `name run runname runid runnumber job jobid jobname url link path file filename checkpoint ckpt displayname experimentid trialid wandbid expid modelid uuid hash commit created createdat label
    paramslabel sizelabel budgetlabel modelname notes note comment comments tags description`,
  time: `time walltime wallclock walltimes runtime duration seconds secs sec minutes hours gpuhours trainingtime traintime elapsed timestamp date datetime relativetime relativetimeprocess relativetimewall
    tokenspersecond tokenspersec throughput mfu itpersec stepspersecond samplespersecond trainruntime zeit dauer temps tiempo walltimeseconds epochtime ms dt memory memorygb peakmemory`,
  budget: `budget computebudget flopbudget flopsbudget budgetflops targetflops targetcompute isoflop isoflops`,
  state: `inthebasin ineverybasin state status runstate runstatus role verdict converged finished outcome zustand statut`,
  machine: `host hostname machine node device gpu gpus ngpus numgpus worldsize cluster user username author entity partition accelerator`,
  heads: `heads nhead nheads numheads numattentionheads headdim headsize dhead kvheads nkvheads numkvheads dff ffdim ffnsize intermediatesize ffnhiddensize mlpdim vocabsize vocab contextlength seqlen sequencelength blocksize ctxlen context nctx maxseqlen paramsplanned plannedparams`,
  ratio: `tokensperparam tokensperparameter tokenparamratio tokensperparams tpp dn dovern ratio chinchilla chinchillas chinchillamultiplier multiplier`,
};

const BY_NAME = new Map<string, Meaning>(
  Object.entries(NAMES).flatMap(([meaning, names]) =>
    names.split(/\s+/).flatMap((name): [string, Meaning][] => (name === '' ? [] : [[name, meaning as Meaning]])),
  ),
);

/** Settings of a training that people sweep; each word, or all of them joined. */
const SETTINGS = new Set(
  `wd weightdecay decay batchsize bs gbsz gbs globalbatchsize trainbatchsize microbatchsize perdevicebatchsize batch mbs beta1 beta2 beta b1 b2 momentum eps epsilon adameps adambeta1 adambeta2 warmup warmupsteps
  warmupiters warmupratio warmupfraction dropout clip gradclip clipgrad maxgradnorm clipnorm initstd initscale initvar std0 sigma sigmaw initializerrange alpha alphaoutput outputmult outputmultiplier inputmult embeddingmult
  embmult attnmult attentionmultiplier outputalpha inputalpha multipliers lrdecay mindlr minlr finallr decayfraction cooldown labelsmoothing temperature zlossweight initembedding inithidden initunembedding multipliersembedding multipliersattention
  multipliersunembedding gewichtsabnahme`.split(/\s+/),
);

const LOSS_WORDS = new Set(
  `loss losses nll ce xent xentropy crossentropy bpb bpc bitsperbyte bitspercharacter verlust perte pérdida perdida perdita perda verlies förlust strata потери потеря ошибка 损失 損失 손실`.split(
    ' ',
  ),
);
const HELD_OUT = new Set(
  `eval evaluation evaluated val valid validation test testing dev heldout held holdout validierung validierungs prüfung validação validación prueba 验证 测试 検証 テスト 검증`.split(
    ' ',
  ),
);
const TRAINING = new Set('train training trn tr trainings 训练 訓練 学習 훈련'.split(' '));
const SPREADS = new Set(
  `std stdev sd var variance deviation min max minimum maximum range iqr q25 q75 p5 p95 p10 p90 low high lo hi lower upper ci spread noise streuung median0`.split(
    ' ',
  ),
);
const AUXILIARIES = new Set(
  `aux auxiliary z router balance balancing load kl grad gradient norm reg regularization penalty first initial start begin smoothed0 delta diff difference gap excess reducible change improvement ratio slope weight scale`.split(
    ' ',
  ),
);
const PREDICTIONS = new Set(
  `predicted prediction pred fit fitted forecast expected estimate estimated residual law`.split(' '),
);
/** Beside a count of steps or tokens: when something was, or how often it is, which is no length of a training. */
const BESTS = new Set(
  'best beste bester bestes bestem meilleur meilleure mejor migliore min minimum lowest 最佳 最优'.split(' '),
);
const MOMENTS = new Set([
  ...BESTS,
  ...`argmin argbest earliest diverged divergence diverge crash crashed nan spike first start starting initial begin
  resume resumed restart save saving saved logging eval evaluation every each interval freq frequency to until ago since`.split(
    /\s+/,
  ),
]);
/** Beside a count of steps or tokens: a setting. */
const PHASES = new Set(
  `warmup warm accumulation accum acc decay cooldown anneal annealing constant stable ramp rampup burnin`.split(/\s+/),
);

/** "best_step", "step_of_best", "save_steps" and "gradient_accumulation_steps" count, and none counts how long a training was. */
function partOfTraining(words: readonly string[]): 'moment' | 'setting' | null {
  const isCount = (word: string) => {
    const known = BY_NAME.get(word);
    return known === 'steps' || known === 'tokens';
  };
  if (words.length < 2 || !words.some(isCount)) return null;
  if (words.some((word) => PHASES.has(word))) return 'setting';
  // The best tokens of a budget are a result of theirs; a training is best at a step or in an epoch.
  const isOfTokens = !words.some((word) => BY_NAME.get(word) === 'steps' || /^(epoch|époque|epoca)/.test(word));
  // A loss of an evaluation, as loggers call it: one "eval_step" is where it was, and "eval_steps" how often.
  const telling = words.filter((word) => MOMENTS.has(word));
  const isEvaluation = telling.every((word) => word === 'eval' || word === 'evaluation');
  if (isOfTokens && telling.every((word) => BESTS.has(word))) return null;
  if (telling.length === 0 || (isEvaluation && !words.includes('steps') && !words.includes('iters'))) return null;
  return 'moment';
}

/** Words that leave a loss what it is. */
const NEUTRAL = new Set(
  `final finally last end mean avg average macro micro total overall lm language model main smooth smoothed ema best per token tok nats y raw all loss value`.split(
    ' ',
  ),
);

/** Lower case, letters and digits alone. */
export const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The words of a name: "finalEvalLoss" and "final_eval-loss" have three. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** A name without its unit: "tokens (B)", "params [M]", "parameters / 2^20". */
export const withoutUnit = (name: string): string => {
  const bare = name.replace(/\s*[([{][^)\]}]*[)\]}]\s*$/, '').replace(/\s+(\/|in|per)\s+\S+$/i, '');
  return plain(bare) === '' ? name : bare;
};

/** A power of ten that the unit of a name stands for: "tokens (B)" has 9; 0 where there is none. */
export function unitOf(name: string): number {
  if (name.length > LONGEST) return 0;
  const unit =
    /(?:[([{]\s*(?:in\s+)?|\s(?:in|\/)\s+|_in_|(?<=tokens|params|parameters|size)_)(k|m|b|g|t|bn|million|millions|billion|billions|thousands?|trillions?)\s*[)\]}]?$/i.exec(
      name,
    )?.[1];
  if (!unit) return 0;
  return { k: 3, t: 12, m: 6, b: 9, g: 9 }[unit[0]!.toLowerCase()] ?? (/^th/i.test(unit) ? 3 : 0);
}

export interface LossName {
  kind: 'loss' | 'spread' | 'auxiliary' | 'prediction' | 'error';
  isHeldOut: boolean;
  isTraining: boolean;
  /** Words that say which loss it is, e.g. of which data: "web" in eval/web/loss. */
  which: string[];
}

/** What a name says of a loss; null where it speaks of none. */
export function lossNamed(name: string): LossName | null {
  const words = wordsOf(name.replace(/bits[ _-]per[ _-](byte|char)\w*/i, 'bpb')).flatMap(splitLoss);
  if (!words.some((word) => LOSS_WORDS.has(word)) && !isCrossEntropy(words)) return null;
  // Megatron's "lm loss PPL" is none.
  if (words.some((word) => word === 'ppl' || word === 'perplexity')) return null;
  const rest = words.filter((word) => !LOSS_WORDS.has(word) && word !== 'cross' && word !== 'entropy');
  const has = (set: ReadonlySet<string>) => rest.some((word) => set.has(word));
  const isError = rest.some((word) => ['se', 'sem', 'stderr', 'err', 'standarderror', 'error'].includes(word));
  const kind = isError
    ? 'error'
    : has(SPREADS)
      ? 'spread'
      : has(PREDICTIONS)
        ? 'prediction'
        : has(AUXILIARIES)
          ? 'auxiliary'
          : 'loss';
  const isTraining = rest.some((word) => TRAINING.has(word));
  const which = rest.filter(
    (word) => !HELD_OUT.has(word) && !NEUTRAL.has(word) && !TRAINING.has(word) && word !== 'out',
  );
  return { kind, isHeldOut: has(HELD_OUT), isTraining, which };
}

/** Whether a name says held-out or training data, also where it says nothing of a loss. */
export function sideOf(name: string): 'held-out' | 'training' | null {
  const words = wordsOf(name).flatMap(splitLoss);
  if (words.some((word) => HELD_OUT.has(word))) return 'held-out';
  return words.some((word) => TRAINING.has(word)) ? 'training' : null;
}

/** A name without the word of its side. */
export const withoutSide = (name: string): string => {
  const rest = name
    .split(/([^\p{L}\p{N}]+)/u)
    .filter((word) => !HELD_OUT.has(word.toLowerCase()) && !TRAINING.has(word.toLowerCase()));
  return rest.join('').replace(/^[\s_/,-]+|[\s_/,-]+$/g, '') || name;
};

const isCrossEntropy = (words: string[]) => words.some((word, i) => word === 'cross' && words[i + 1] === 'entropy');

/** "evalloss" and "valloss" are two words, "valloss0" is not; "lossmean" too. */
function splitLoss(word: string): string[] {
  const found = /^(.*?)(loss|nll|verlust|损失|損失|손실)(.*)$/.exec(word);
  return found ? found.slice(1).filter(Boolean) : [word];
}

/** "bestepoch" and "stepbest" are two words. */
function splitBest(word: string): string[] {
  const found = /^(best|最佳|最优)(.+)$|^(.+)(best|argmin)$/.exec(word);
  return found ? found.slice(1).filter(Boolean) : [word];
}

/** Last part of a path: "optimizer.learning_rate", "train/lm_loss", "config:width". */
export const lastOf = (name: string): string => name.split(/[/.:|]|\s-\s/).at(-1)!;

/** What a whole name means that is known as it stands; null of names that are made of others. */
export const knownMeaning = (name: string): Meaning | null => BY_NAME.get(plain(name)) ?? null;

/** @returns null where the name says nothing */
export function meaningOf(name: string): Meaning | null {
  if (name.length > LONGEST) return null;
  // No name, or a sign for numbers alone.
  if (plain(name) === '') return 'index';
  // "CE" and "C" are not the same, and "L" is a number of layers or a loss: its contents tell.
  const bare = withoutUnit(name);
  const part = partOfTraining(wordsOf(name).flatMap(splitBest));
  if (part) return part;
  if (RATIO.test(name)) return 'ratio';
  const loss = lossNamed(bare);
  if (loss) return loss.kind;
  if (lossLogarithmOf(name)) return 'loss';
  if (/^p\s*\(/i.test(name)) return 'metric';
  const logarithm = logarithmOf(name);
  if (logarithm) return logarithm.of;
  const counted = countedIn(name, bare);
  if (counted) return counted;
  for (const one of [plain(bare), plain(lastOf(bare)), plain(name)]) {
    if (one === '') continue;
    const known = BY_NAME.get(one);
    if (known) return known;
    if (SETTINGS.has(one)) return 'setting';
  }
  const words = wordsOf(bare);
  if (words.includes('seed')) return 'seed';
  if (words.some((word) => ACTS.has(word)) && words.some((word) => AMOUNTS.has(word))) return 'activation';
  if (words.some((word) => PREDICTIONS.has(word))) return 'prediction';
  if (words.some((word) => SPREADS.has(word))) return 'spread';
  if (words.some((word) => word === 'ppl' || word === 'perplexity')) return 'perplexity';
  const last = BY_NAME.get(words.at(-1) ?? '');
  if (
    words.length > 1 &&
    (last === 'tokens' || last === 'parameters' || last === 'width' || last === 'steps' || last === 'compute')
  ) {
    // A last update is a time.
    return words.at(-1)!.length > 2 && words.at(-1) !== 'update' && !words.includes('per') ? last : null;
  }
  if (words.length > 1 && words.slice(-2).join('') === 'learningrate') return 'rate';
  if (words.at(-1) === 'lr') return 'rate';
  // Of a rate that differs from model to model people tell what it is multiplied with.
  if (/^(lr|learningrate)(mult|multiplier|factor|multiple|scale)$/.test(plain(bare))) return 'rate';
  if (words.includes('batch')) return 'setting';
  if (words.at(-1) === 'budget') return 'budget';
  if (words.length > 1 && words.at(-1) === 'id') return 'identity';
  if (words.includes('error') && words.some((word) => /^(rate|percent|top|top1|top5|word|character)$/.test(word)))
    return 'metric';
  if (words.some((word) => SCORES.has(word)) || /gradnorm|gradientnorm/.test(plain(bare))) return 'metric';
  // What counts per something, or belongs to the shape of a model, is no length of training.
  if (/per|vocab|tokenizer|context|max/.test(plain(bare))) return null;
  return STEMS.find(([stem]) => stem.test(plain(bare)))?.[1] ?? null;
}

const ACTS = new Set('act acts activation activations coord preact'.split(' '));
const AMOUNTS = new Set('l1 l2 rms abs norm size'.split(' '));

/** Tokens of each parameter: neither of both. */
const RATIO = /\btok(en)?s?\s*(\/|per|:)\s*(non.?emb\w*\s*)?(active\s*)?param|^\s*D\s*[/:]\s*N\s*$/i;

/** What a size or a name that says nothing is counted in: "model (params)", "size (dims)". */
function countedIn(name: string, bare: string): Meaning | null {
  const inside = BY_NAME.get(plain(/[([{]([^)\]}]{2,40})[)\]}]\s*$/.exec(name)?.[1] ?? ''));
  const isCount = inside !== undefined && COUNTS.has(inside);
  const own = plain(bare);
  const isOpen = /^(model|network)?sizes?$/.test(own) || (!SETTINGS.has(own) && OPEN.has(BY_NAME.get(own) ?? 'series'));
  return isCount && isOpen && bare !== name && !(inside === 'compute' && BY_NAME.get(own) === 'budget') ? inside : null;
}

const COUNTS: ReadonlySet<Meaning> = new Set<Meaning>([
  'width',
  'parameters',
  'compute',
  'layers',
  'tokens',
  'steps',
  'rate',
  'seed',
]);
/** Meanings of names that leave open what is counted. */
const OPEN: ReadonlySet<Meaning> = new Set<Meaning>(['series', 'identity', 'size', 'budget']);

/** Parts of names in languages that write words together, and compounds that loggers make. */
const STEMS: readonly (readonly [RegExp, Meaning])[] = [
  [/learningrate|lernrate|学习率|学習率|학습률|скоростьобучения/, 'rate'],
  [/token|jeton|令牌|词元|トークン|токен|토큰/, 'tokens'],
  [
    /^(words|bytes|chars|characters|documents|docs|sequences|samples|examples)(seen|trained|consumed|total)?$/,
    'tokens',
  ],
  [/params|parameter(?!i[sz])|paramètre|parámetro|参数|パラメータ|매개변수|параметр/, 'parameters'],
  [/breite|largeur|anchura|宽度|幅|ширин|너비|hiddensize|hiddendim|embeddim|dmodel|nembd|modeldim/, 'width'],
  [/schritte|步数|ステップ|итерац|단계/, 'steps'],
];

/** What a model is held to beside its loss. */
const SCORES = new Set(
  `acc accuracy bleu rouge f1 em hellaswag arc mmlu piqa winogrande boolq lambada openbookqa sciq gsm8k humaneval genauigkeit gradnorm wer cer`.split(
    ' ',
  ),
);

const LOGARITHM = /^\s*(?:(log)[_ ]?(2|10)?|(ln)(?=[^a-z]))[_ (]*(.+?)\)?\s*$/i;

function logarithmParts(name: string): readonly (string | undefined)[] {
  const own = lastOf(name);
  const behind = /^(.+?)[ _]*[([ _](log)[_ ]?(2|10)[)\]]?$/i.exec(own);
  return behind ? ['', behind[2], behind[3], undefined, behind[1]] : (LOGARITHM.exec(own) ?? []);
}

/** A logarithm by its name: "log2lr", "log10(N)", "ln params"; its base is null where the name does not tell. */
export function logarithmOf(name: string): { base: number | null; letter: string; of: Meaning } | null {
  if (name.length > LONGEST) return null;
  const [, log, digits, , rest] = logarithmParts(name);
  const of = rest === undefined ? null : meaningOf(rest);
  if (of === null || !['width', 'parameters', 'compute', 'tokens', 'rate', 'setting', 'size'].includes(of)) return null;
  if (!log) return { base: Math.E, letter: 'e', of };
  return { base: digits ? Number(digits) : null, letter: digits ?? '', of };
}

/**
 * A logarithm of a loss by its name: "log10_loss", "ln(L)"; its base is null where the name does not tell. "log_loss" by itself is a loss, so that
 * it is told apart whether brackets say that a logarithm was taken.
 */
export function lossLogarithmOf(name: string): { base: number | null; letter: string; isCertain: boolean } | null {
  if (name.length > LONGEST) return null;
  const own = lastOf(name).trim();
  const [, log, digits, ln, rest] = logarithmParts(name);
  if (rest === undefined || (lossNamed(rest)?.kind !== 'loss' && plain(rest) !== 'l')) return null;
  // "logloss" is one word.
  if (log && !digits && !/^log[\s_(]/i.test(own)) return null;
  const isCertain = ln !== undefined || digits !== undefined || /^log\s?\(/i.test(own);
  if (!isCertain && plain(rest) === 'l') return null;
  return { base: ln ? Math.E : digits ? Number(digits) : null, letter: ln ? 'e' : (digits ?? ''), isCertain };
}

/** The name of a logarithm to no known base with the base in it: "log10(loss)"; any other name as it is. */
export function withBase(name: string, base: LogarithmBase): string {
  const isOpen = logarithmOf(name)?.base === null || lossLogarithmOf(name)?.base === null;
  return isOpen ? name.replace(/log(?=[\s_(])/i, base === 'e' ? 'ln' : `log${base}`) : name;
}

export const LOGARITHM_BASES = ['10', '2', 'e'] as const;
export type LogarithmBase = (typeof LOGARITHM_BASES)[number];

/** Kinds of yes and no that tell experiments apart. */
export const isSwitch = (name: string): boolean =>
  /^(is|use|with|has|no)([_ -]\p{L}|\p{Lu})/u.test(name) ||
  /^(mup|μp|mu_?p|tied|parametri[sz]ation|p13n)$/i.test(name.trim());

/**
 * Doublings of the width that a doubling of the size is: parameters grow with its square, computation along a compute-optimal ladder
 * with its fourth power. What an unknown size grows with is not known, and nothing is called staying that may be moving.
 */
export function widthDoublings(over: string): number {
  const meaning = meaningOf(over);
  if (meaning === 'width' || meaning === 'layers') return 1;
  return meaning === 'parameters' ? 1 / 2 : 1 / 4;
}
