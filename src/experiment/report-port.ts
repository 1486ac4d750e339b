/** The two ends of the port over which a training reports: its arrays are transferred, and null says that none follows. */
import type { TrainingReport } from '../model/training.ts';

/** Milliseconds in which the last reports of a training that failed are to arrive. */
const PATIENCE = 1000;

interface ReportListener {
  /** The end to hand to the trainer. */
  port: MessagePort;
  /** Resolves when the last report has been heard: the outcome of a training can overtake its reports. */
  ended: Promise<void>;
  /** The same where a training failed: who is gone reports no end, and is not waited for. */
  endedOrGone(): Promise<void>;
  close(): void;
}

export function listenToReports(hear: (report: TrainingReport) => void): ReportListener {
  const { port1, port2 } = new MessageChannel();
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  port1.onmessage = ({ data }: MessageEvent<TrainingReport | null>) => (data === null ? end() : hear(data));
  const gone = () => new Promise<void>((resolve) => setTimeout(resolve, PATIENCE));
  return { port: port2, ended, endedOrGone: () => Promise.race([ended, gone()]), close: () => port1.close() };
}

export function sendReport(port: MessagePort, report: TrainingReport): void {
  const arrays = report.kind === 'losses' ? [report.losses] : [report.losses, report.standardErrors];
  port.postMessage(report, [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]);
}

export function endReports(port: MessagePort): void {
  port.postMessage(null);
}
