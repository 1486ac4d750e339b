/**
 * A figure as one drawing that stands by itself: finding, chart, notes, legend and where its numbers come from, in a typeface that is
 * everywhere. What is HTML on the page is drawn anew as text; its colours are those that the page has meanwhile.
 */

/** With its size in CSS pixels. */
export interface Drawing {
  svg: SVGSVGElement;
  width: number;
  height: number;
}

const PAINT = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity'];
const TYPE = ['font-size', 'font-weight', 'text-anchor'];
const FAMILY = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
const SVG = 'http://www.w3.org/2000/svg';
const INK = '#1b1b1f';
const MUTED = '#5b5e66';

/** Air around a drawing, in CSS pixels. */
const EDGE = 16;
const SIZES = { title: 16, text: 12, small: 10 };
/** Of a line, in its size of type. */
const LEADING = 1.4;
/** Between the items of a legend, and from a mark to its word. */
const GAPS = { item: 16, word: 6 };

/**
 * @param svg the chart inside its figure, as the page shows it
 * @param about what stands below all else, a line each
 */
export function drawingOf(svg: SVGSVGElement, title: string, about: readonly string[]): Drawing {
  const plot = svg.viewBox.baseVal;
  const figure = svg.closest('figure');
  const page = new Sheet(plot.width);
  page.write(wordsIn(figure?.querySelector('figcaption h1, figcaption h2')), SIZES.title, INK, 'bold');
  page.write(wordsIn(figure?.querySelector('figcaption p:not(.tag)')), SIZES.text, MUTED);
  page.place(plainCopy(svg), plot.width, plot.height);
  for (const note of figure?.querySelectorAll(':scope > p.note') ?? []) page.write(wordsIn(note), SIZES.text, MUTED);
  page.list(
    [...(figure?.querySelectorAll<HTMLLIElement>('.foot li') ?? [])].flatMap((item) => {
      const mark = item.querySelector('svg');
      return mark ? [{ mark: plainCopy(mark), box: mark.viewBox.baseVal, text: wordsIn(item) }] : [];
    }),
  );
  for (const line of about) page.write(line, SIZES.small, MUTED);
  return page.drawing(title);
}

/** As an SVG file. */
export const svgText = ({ svg }: Drawing): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}`;

/** Things below each other, as wide as the plot. */
class Sheet {
  readonly #root = element('svg');
  readonly #width: number;
  #y = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /** Text in as many lines as it needs. */
  write(text: string, size: number, fill: string, weight = 'normal'): void {
    const words = tidied(text);
    if (words === '') return;
    for (const line of wrapped(words, size, weight, this.#width)) {
      this.#y += size * LEADING;
      this.#root.append(textAt(0, this.#y - size * (LEADING - 1), line, size, fill, weight));
    }
    this.#y += size * 0.4;
  }

  place(part: SVGElement, width: number, height: number): void {
    setAll(part, { x: 0, y: this.#y, width, height, overflow: 'visible' });
    this.#root.append(part);
    this.#y += height + SIZES.text * 0.5;
  }

  /** A legend, in as many lines as it needs. */
  list(items: readonly { mark: SVGElement; box: DOMRect; text: string }[]): void {
    const height = SIZES.text * 1.5;
    let x = 0;
    for (const { mark, box, text } of items) {
      const width = box.width + GAPS.word + widthOf(text, SIZES.text, 'normal');
      if (x > 0 && x + width > this.#width) {
        x = 0;
        this.#y += height;
      }
      setAll(mark, { x, y: this.#y + (height - box.height) / 2, width: box.width, height: box.height });
      this.#root.append(
        mark,
        textAt(x + box.width + GAPS.word, this.#y + height * 0.72, text, SIZES.text, MUTED, 'normal'),
      );
      x += width + GAPS.item;
    }
    if (items.length > 0) this.#y += height + SIZES.text * 0.5;
  }

  drawing(title: string): Drawing {
    const [width, height] = [this.#width + 2 * EDGE, Math.ceil(this.#y) + 2 * EDGE];
    const svg = this.#root;
    setAll(svg, { viewBox: `${-EDGE} ${-EDGE} ${width} ${height}`, width, height, role: 'img' });
    const ground = element('rect');
    setAll(ground, { x: -EDGE, y: -EDGE, width, height, fill: '#fff' });
    const heading = element('title');
    heading.textContent = title;
    svg.prepend(heading, ground);
    return { svg, width, height };
  }
}

const element = <K extends keyof SVGElementTagNameMap>(name: K): SVGElementTagNameMap[K] =>
  document.createElementNS(SVG, name);

function setAll(one: SVGElement, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, String(value));
}

function textAt(x: number, y: number, words: string, size: number, fill: string, weight: string): SVGTextElement {
  const text = element('text');
  setAll(text, { x, y, fill, 'font-family': FAMILY, 'font-size': size, 'font-weight': weight });
  text.textContent = words;
  return text;
}

const tidied = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** What an element says on paper: a raised exponent as one behind ^, and nothing of what can be done on the page. */
function wordsIn(of: Element | null | undefined): string {
  const said = (node: ChildNode): string => {
    if (!(node instanceof Element)) return node.textContent ?? '';
    if (node.hasAttribute('data-no-export') || node.matches('svg')) return '';
    const inside = [...node.childNodes].map(said).join('');
    return node.localName === 'sup' ? `^${inside}` : inside;
  };
  return of ? tidied([...of.childNodes].map(said).join('')) : '';
}

let pen: CanvasRenderingContext2D | null = null;

function widthOf(text: string, size: number, weight: string): number {
  pen ??= document.createElement('canvas').getContext('2d')!;
  pen.font = `${weight} ${size}px ${FAMILY}`;
  return pen.measureText(text).width;
}

/** Lines that are no wider, broken between words; a longer word, as a hash is, stands by itself. */
function wrapped(text: string, size: number, weight: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer, size, weight) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** With colours and sizes of type written out, without controls and crosshair. */
function plainCopy(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((one, i) => inlineStyle(originals[i], one));
  for (const leftBehind of copy.querySelectorAll('[data-no-export], [role="slider"], .reach')) leftBehind.remove();
  for (const one of [copy, ...copy.querySelectorAll('*')]) {
    for (const name of ['class', 'role', 'tabindex', 'aria-pressed', 'aria-hidden', 'aria-label'])
      one.removeAttribute(name);
  }
  return copy;
}

function inlineStyle(from: SVGElement, to: SVGElement): void {
  const style = getComputedStyle(from);
  const isText = from instanceof SVGTextElement || from instanceof SVGTSpanElement;
  for (const name of isText ? [...PAINT, ...TYPE] : PAINT) to.setAttribute(name, style.getPropertyValue(name));
  if (isText) to.setAttribute('font-family', FAMILY);
  // It would win over what is written out, and names colours that only the page knows.
  to.removeAttribute('style');
}
