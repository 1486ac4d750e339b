/** The figures of the calibration study that the page shows, as `npm run calibrate` writes them. */
import * as v from 'valibot';
import { parseWith } from '../../model/parse.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1));
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
/** Share of targets that an interval held, with its standard error. */
const held = v.strictObject({ share, error: share });

const methodSchema = v.strictObject({
  id: v.string(),
  name: v.string(),
  /** By nominal level, in percent; null for a method without intervals. */
  coverage: v.nullable(v.strictObject({ '50': held, '80': held, '95': held })),
  /** Median |predicted - measured| / measured. */
  medianError: amount,
  /** Median full width of the 80 % interval, as a share of the loss. */
  width: v.nullable(amount),
});

const sourceSchema = v.strictObject({
  id: v.picklist(['simulated', 'trained', 'careful']),
  ladders: count,
  targets: count,
  /** The playground's own first. */
  methods: v.array(methodSchema),
});

const calibrationSchema = v.strictObject({
  schema: v.literal('mup-playground/calibration@1'),
  sources: v.array(sourceSchema),
});

export type Calibration = v.InferOutput<typeof calibrationSchema>;
export type CalibrationSource = Calibration['sources'][number];
export type CalibrationMethod = CalibrationSource['methods'][number];

export const CALIBRATION_LEVELS = ['50', '80', '95'] as const;

/** @throws InputError naming the field at fault. */
export const parseCalibration = (input: unknown): Calibration => parseWith(calibrationSchema, input, 'calibration');
