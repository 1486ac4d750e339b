/** Names of columns as loggers, papers, courses and other languages write them. */

export const WIDTHS = [
  'width', 'Width', 'model_width', 'd_model', 'dModel', 'n_embd', 'hidden_size', 'hidden_dim', 'embed_dim', 'model.hidden_dim',
  'config.n_embd', 'config/d_model', 'embedding_dim', 'hidden size', 'Breite', 'Modellbreite', 'largeur', 'anchura', '宽度', 'ширина', 'd_model (width)',
]; // prettier-ignore

export const PARAMETERS = [
  'params', 'Params', 'n_params', 'num_params', 'parameters', 'Parameters', '#params', 'parameter_count', 'N', 'non_embedding_params',
  'model.num_parameters', 'total_params', 'model size', 'num-params', 'trainable params', 'config.n_params', 'Parameter', 'paramètres', 'parámetros', '参数量', 'params (non-emb.)',
]; // prettier-ignore

export const TOKENS = [
  'tokens', 'Tokens', 'n_tokens', 'train_tokens', 'tokens_seen', 'throughput/total_tokens', 'consumed_tokens', 'num_tokens', 'training tokens',
  'D', 'dataset_tokens', 'tokens trained', 'train/num_tokens_seen', 'Trainingstoken', 'jetons', '训练词元', 'data_size',
]; // prettier-ignore

export const STEPS_IN_ALL = [
  'steps', 'train_steps', 'num_train_steps', 'max_iters', 'max_steps', 'total_steps', 'trainer.num_train_steps', 'global_step', 'iterations', 'Schritte',
]; // prettier-ignore

export const STEPS_OF_A_CURVE = [
  'step',
  'Step',
  'iter',
  'global_step',
  'trainer/global_step',
  'iteration',
  'train/global_step',
  'it',
  'update',
];

export const LOSSES = [
  'loss', 'Loss', 'val_loss', 'eval_loss', 'eval/loss', 'validation loss', 'test_loss', 'final_loss', 'valid/loss', 'eval/web/macro_loss', 'lm_loss', 'eval/lm_loss',
  'eval_ce', 'nll', 'cross_entropy', 'final eval loss', 'summary.val/loss', 'best_val_loss', 'loss_mean', 'Verlust', 'perte', 'pérdida', '损失', '验证损失', 'потери',
]; // prettier-ignore

export const RATES = [
  'lr', 'LR', 'learning_rate', 'learning rate', 'peak_lr', 'max_lr', 'optimizer.learning_rate', 'config.learning_rate', 'eta', 'base_lr', 'Lernrate', "taux d'apprentissage", '学习率',
]; // prettier-ignore

export const SETTINGS = [
  'weight_decay', 'wd', 'batch_size', 'global_batch_size', 'beta2', 'adam_beta2', 'init_std', 'optimizer.weight_decay', 'warmup_steps', 'dropout', 'output_mult', 'train_batch_size',
]; // prettier-ignore

export const SEEDS = ['seed', 'Seed', 'random_seed', 'trainer.seed', 'rng_seed', 'replicate', 'config.seed', 'trial'];

export const SERIES = [
  'series', 'optimizer', 'model', 'method', 'parametrization', 'dataset', 'arch', 'recipe', 'variant', 'group', 'source', 'experiment', 'config.optimizer', 'architecture',
]; // prettier-ignore

export const SERIES_WORDS = [
  ['adamw', 'muon'],
  ['SP', 'muP'],
  ['baseline', '#12 muon'],
  ['dense', 'moe', 'hybrid'],
  ['web', 'code', 'books'],
  ['lion', 'sophia', 'adam'],
  ['ours', 'theirs'],
  ['standard, tuned', 'standard'],
  ['7B recipe', '70B recipe'],
] as const;

/** Names that say nothing of what stands below. */
export const NONSENSE = ['foo', 'kappa', 'setting_a', 'param_z', 'qux', 'tau1', 'mix'];

export const STANDARD_ERRORS = ['standard error', 'stderr', 'loss_se', 'se', 'loss stderr'];
export const SPREADS = ['loss_std', 'std', 'loss min', 'loss_max', 'val_loss_std', 'stdev'];
