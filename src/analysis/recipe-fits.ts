/** The latest fit of each recipe: asked for anew whenever its points change. */
import type { Ladder } from '../model/experiment.ts';
import type { FitReport } from '../scaling/width/report.ts';
import type { FitterService } from './fitter-service.ts';
import { fitRequest, type RungPoint } from './rung-points.ts';

export interface RecipeFit {
  points: RungPoint[];
  report: FitReport;
}

export class RecipeFits {
  private readonly fits = new Map<string, RecipeFit>();
  /** Number of the latest question, by recipe: an answer that was overtaken is not told, and no failure either. */
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly fitter: Pick<FitterService, 'fit'>,
    private readonly tell: (recipe: string, report: FitReport) => void,
  ) {}

  async refit(recipe: string, points: RungPoint[], ladder: Ladder): Promise<void> {
    const question = (this.asked.get(recipe) ?? 0) + 1;
    this.asked.set(recipe, question);
    this.fits.delete(recipe);
    if (points.length === 0) return;
    const isLatest = () => this.asked.get(recipe) === question;
    try {
      const report = await this.fitter.fit(fitRequest(points, ladder));
      if (!isLatest()) return;
      this.fits.set(recipe, { points, report });
      this.tell(recipe, report);
    } catch (error) {
      if (isLatest()) throw error;
    }
  }

  /** The fit of a recipe, by its name; undefined where it has no points. */
  get(recipe: string): RecipeFit | undefined {
    return this.fits.get(recipe);
  }
}
