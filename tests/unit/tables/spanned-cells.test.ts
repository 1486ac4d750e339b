/** Tables in the source of web pages and of MediaWiki: what their tags and signs say, and what each of them is read as. */
import { describe, expect, it } from 'vitest';
import { readSheet } from '../../../src/tables/read-sheet.ts';
import { readTable } from '../../../src/tables/reading.ts';
import { settledTable } from './settled-table.ts';

/** Each series with its points. */
const laddersOf = (text: string) =>
  settledTable(text).series.map(({ name, points }) => [name, ...points.map(({ x, loss }) => `${x}: ${loss}`)]);
const three = [[null, '64: 3.5', '128: 3.3', '256: 3.1']];
const both = [
  ['SP', '64: 3.5', '128: 3.4', '256: 3.3'],
  ['muP', '64: 3.4', '128: 3.2', '256: 3.1'],
];
const tr = (tag: string, ...cells: (string | number)[]) =>
  `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;

describe('a table in the source of a page', () => {
  it.each([
    [
      'plain',
      `<table>${tr('th', 'width', 'loss')}${tr('td', 64, 3.5)}${tr('td', 128, 3.3)}${tr('td', 256, 3.1)}</table>`,
    ],
    [
      'with sections, a caption and attributes, in the middle of a page',
      `<!DOCTYPE html><html><head><title>Run 7</title><style>td { color: red }</style></head><body><h1>Results of 2024</h1>
      <table class="wikitable sortable" border="1"><caption>Final <b>losses</b></caption>
      <thead>${tr('th', 'width', 'loss')}</thead><tbody>
      <tr><td style="text-align: right">64</td><td data-sort-value="3.5">3.5</td></tr>${tr('td', 128, 3.3)}${tr('td', 256, 3.1)}</tbody>
      </table><p>Trained on 1 GPU.</p><script>if (1 < 2) table("<td>")</script></body></html>`,
    ],
    [
      'without the ends that HTML lets out',
      '<TABLE>\n<TR><TH>width<TH>loss\n<TR><TD>64<TD>3.5\n<TR><TD>128<TD>3.3\n<TR><TD>256<TD>3.1\n</TABLE>',
    ],
    ['rows alone', `${tr('td', 'width', 'loss')}\n${tr('td', 64, 3.5)}\n${tr('td', 128, 3.3)}\n${tr('td', 256, 3.1)}`],
    [
      'as pandas writes it, with row numbers that head rows',
      `<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>width</th><th>loss</th></tr></thead><tbody>${[
        [64, 3.5],
        [128, 3.3],
        [256, 3.1],
      ]
        .map(([width, loss], i) => `<tr><th>${i}</th><td>${width}</td><td>${loss}</td></tr>`)
        .join('\n')}</tbody></table>`,
    ],
    [
      'with emphasis, links, code and notes',
      `<table>${tr('th', '<i>d</i><sub>model</sub>', 'val. loss<sup>1</sup>')}${tr('td', '<code>64</code>', '<b>3.50</b><sup>a</sup>')}${tr(
        'td',
        '<a href="https://e.org/?a=1&b=<2>">128</a>',
        '3.30<sup class="reference"><a href="#n1">[1]</a></sup>',
      )}${tr('td', '<span title="a > b">256</span>', '3.10*')}<tr><td colspan="2"><sup>a</sup> mean of 3 seeds</td></tr></table>`,
    ],
    [
      'with entities, blanks of all kinds and a comment',
      `<table>${tr('th', 'width&nbsp;', 'loss')}${tr('td', '&#54;4', '3&#46;5')}<!-- ${tr('td', 96, 9)} -->${tr('td', '1&#x32;8', ' 3.3\n')}${tr('td', '&thinsp;256', '3.1&ensp;')}</table>`,
    ],
    [
      'with decimal commas and units',
      `<table>${tr('th', 'Breite', 'Verlust')}${tr('td', '64 dims', '3,5 nats')}${tr('td', '128 dims', '3,3 nats')}${tr('td', '256 dims', '3,1 nats')}</table>`,
    ],
    [
      'with a title across and a foot that says the header again',
      `<table><tr><th colspan="2">All runs of May</th></tr>${tr('th', 'width', 'loss')}${tr('td', 64, 3.5)}${tr('td', 128, 3.3)}${tr('td', 256, 3.1)}<tfoot>${tr('th', 'width', 'loss')}</tfoot></table>`,
    ],
    [
      'within a table that lays the page out',
      `<table><tr><td>Menu</td><td><table>${tr('th', 'width', 'loss')}${tr('td', 64, 3.5)}${tr('td', 128, 3.3)}${tr('td', 256, 3.1)}</table></td></tr><tr><td>Foot</td><td></td></tr></table>`,
    ],
    [
      'with hidden sort keys and what readers of screens are told',
      `<table>${tr('th', 'width', 'loss')}${tr('td', '<span style="display:none">0064</span>64', '<span aria-hidden="true">▼</span>3.5')}${tr('td', 128, 3.3)}${tr('td', 256, 3.1)}</table>`,
    ],
    [
      'with what was struck out beside what counts',
      `<table>${tr('th', 'width', 'loss')}${tr('td', 64, '<del>3.7</del> 3.5')}${tr('td', 128, '<s>3.9</s><br>3.3')}${tr('td', 256, 3.1)}</table>`,
    ],
    [
      'without heads',
      `<table>${tr('td', 'width', 'loss')}${tr('td', 64, 3.5)}${tr('td', 128, 3.3)}${tr('td', 256, 3.1)}</table>`,
    ],
    [
      'with formulas',
      `<table>${tr('th', 'width', 'loss')}${tr('td', '\\(64\\)', '$3.5$')}${tr('td', '<math><mn>128</mn></math>', '\\(\\mathbf{3.3}\\)')}${tr('td', '<math><msup><mn>2</mn><mn>8</mn></msup></math>', '3.1')}</table>`,
    ],
    [
      'behind a table without numbers',
      `<table>${tr('th', 'name', 'what')}${tr('td', 'width', 'd_model')}</table><table>${tr('th', 'width', 'loss')}${tr('td', 64, 3.5)}${tr('td', 128, 3.3)}${tr('td', 256, 3.1)}</table>`,
    ],
  ])('%s', (_, text) => {
    expect(laddersOf(text)).toEqual(three);
  });

  it.each([
    [
      'rows that span',
      `<table>${tr('th', 'parametrization', 'width', 'loss')}<tr><td rowspan="3">SP</td><td>64</td><td>3.5</td></tr>${tr('td', 128, 3.4)}${tr('td', 256, 3.3)}<tr><td rowspan=3>muP</td><td>64</td><td>3.4</td></tr>${tr('td', 128, 3.2)}${tr('td', 256, 3.1)}</table>`,
    ],
    [
      'heads that span columns and lines',
      `<table><thead><tr><th rowspan="2">width</th><th colspan="2">SP</th><th colspan="2">muP</th></tr>${tr('th', 'loss', 'std', 'loss', 'std')}</thead>${tr('td', 64, 3.5, 0.1, 3.4, 0.1)}${tr('td', 128, 3.4, 0.1, 3.2, 0.1)}${tr('td', 256, 3.3, 0.1, 3.1, 0.1)}</table>`,
    ],
    [
      'a line that names the group below it',
      `<table>${tr('th', 'width', 'loss')}<tr><th colspan="2">SP</th></tr>${tr('td', 64, 3.5)}${tr('td', 128, 3.4)}${tr('td', 256, 3.3)}<tr><th colspan="2">muP</th></tr>${tr('td', 64, 3.4)}${tr('td', 128, 3.2)}${tr('td', 256, 3.1)}</table>`,
    ],
    [
      'two tables with a heading each',
      `<h2>SP</h2><table>${tr('th', 'width', 'loss')}${tr('td', 64, 3.5)}${tr('td', 128, 3.4)}${tr('td', 256, 3.3)}</table><h2>muP:</h2><table>${tr('th', 'width', 'loss')}${tr('td', 64, 3.4)}${tr('td', 128, 3.2)}${tr('td', 256, 3.1)}</table>`,
    ],
    [
      'widths across, with heads of rows',
      `<table><tr><th></th><th>64</th><th>128</th><th>256</th></tr><tr><th>SP</th><td>3.5</td><td>3.4</td><td>3.3</td></tr><tr><th>muP</th><td>3.4</td><td>3.2</td><td>3.1</td></tr></table>`,
    ],
    [
      'two tables with captions',
      ['SP', 'muP']
        .map(
          (name, i) =>
            `<table><caption>${name}</caption>${tr('th', 'width', 'loss')}${tr('td', 64, [3.5, 3.4][i]!)}${tr('td', 128, [3.4, 3.2][i]!)}${tr('td', 256, [3.3, 3.1][i]!)}</table>`,
        )
        .join('<hr>'),
    ],
  ])('%s', (_, text) => {
    expect(laddersOf(text)).toEqual(both);
  });

  it('has rates below a spanned header of widths', () => {
    const text = `<table><tr><th rowspan="2">lr</th><th colspan="3">width</th></tr>${tr('th', 64, 128, 256)}${tr('td', 0.001, 3.6, 3.4, 3.15)}${tr('td', 0.003, 3.5, 3.3, 3.1)}${tr('td', 0.01, 3.55, 3.35, 3.2)}</table>`;
    expect(laddersOf(text)).toEqual(three);
  });

  it('has series above rates above losses', () => {
    const rates = ['10<sup>-3</sup>', '10<sup>-2</sup>'];
    const text = `<table><tr><th rowspan="2">Width</th><th colspan="2">SP</th><th colspan="2">&mu;P</th></tr>${tr('th', ...rates, ...rates)}${tr('td', 64, 3.6, 3.5, 3.5, 3.4)}${tr('td', 128, 3.5, 3.4, 3.3, 3.2)}${tr('td', 256, 3.3, 3.4, 3.2, 3.1)}</table>`;
    for (const page of [text, text.replaceAll('<th', '<td').replaceAll('</th', '</td')])
      expect(laddersOf(page)).toEqual([both[0], ['μP', ...both[1]!.slice(1)]]);
  });

  it('has errors in every way that pages write them', () => {
    const text = `<table>${tr('th', 'width', 'loss')}${tr('td', 64, '3.5 &plusmn; 0.02')}${tr('td', 128, '3.3<sub>±0.03</sub>')}${tr('td', 256, '3.1<sup>+0.02</sup><sub>−0.02</sub>')}${tr('td', 512, '3.0<small>(0.01)</small>')}</table>`;
    expect(readSheet(text).rows.map(({ cells }) => cells[1])).toEqual([
      '3.5 ± 0.02',
      '3.3 ±0.03',
      '3.1 ± 0.02',
      '3.0(0.01)',
    ]);
  });

  it('has powers, sizes with letters and marks that are none of a number', () => {
    const text = `<table>${tr('th', 'N', 'FLOPs', 'loss')}${tr('td', '10<sup>7</sup>', '6&times;10<sup>17</sup>', 3.5)}${tr('td', '40M', '2.4&#215;10<sup>18</sup>', '3.3<sup>2</sup>')}${tr('td', '1.6 × 10<sup>8</sup>', '10<sup>19</sup>', 3.1)}</table>`;
    const cells = readSheet(text).rows.map((row) => row.cells.join(' | '));
    expect(cells).toEqual(['10^7 | 6×10^17 | 3.5', '40M | 2.4×10^18 | 3.3', '1.6 × 10^8 | 10^19 | 3.1']);
    expect(laddersOf(text)).toEqual([[null, '10000000: 3.5', '40000000: 3.3', '160000000: 3.1']]);
  });

  it('has a word for two columns, and one that no number stands for', () => {
    const text = `<table>${tr('th', 'width', 'lr', 'loss')}${tr('td', 64, 0.01, 3.5)}${tr('td', 128, 0.01, 3.3)}${tr('td', 256, 0.01, 3.1)}<tr><td>512</td><td>0.01</td><td>OOM</td></tr><tr><td>96</td><td colspan="2">did not finish</td></tr></table>`;
    expect(readSheet(text).rows.at(-1)!.cells).toEqual(['96', 'did not finish', 'did not finish']);
  });

  it('that cannot be told is refused in a sentence', () => {
    const table = (caption: string, ...names: string[]) =>
      `<table><caption>${caption}</caption>${tr('th', ...names)}${tr('td', ...names.map((_, i) => 64 + i))}</table>`;
    expect(() => readTable(table('Losses', 'width', 'loss') + table('Times', 'width', 'hours'))).toThrow(
      'The text holds 2 tables with other columns, "Losses" and "Times": take one at a time.',
    );
    expect(() => readTable(`<table>${tr('th', 'a', 'b')}${tr('td', 'c', 'd')}</table>`)).toThrow(
      'There is a table in the text, and no number in its cells',
    );
    expect(() => readTable(`${table('Losses', 'width', 'loss')}\n| width | loss |\n|---|---|\n| 64 | 3 |\n`)).toThrow(
      'The text holds tables of HTML and of Markdown',
    );
    expect(() => readTable('<table><tr><td>')).toThrow('no number');
  });

  it('ends however wild it is', () => {
    const wild = `<table>${'<td colspan=99999 rowspan=99999>'.repeat(300)}64${'<table'.repeat(5000)}${'<'.repeat(20_000)}${'<!'.repeat(20_000)}${'<a "'.repeat(5001)}${'&'.repeat(20_000)}"'`;
    expect(() => readTable(wild)).toThrow();
  });
});

const wiki = (...lines: string[]) => `{| class="wikitable"\n${lines.join('\n')}\n|}\n`;

describe('a table of MediaWiki', () => {
  it.each([
    ['plain', wiki('! width !! loss', '|-', '| 64 || 3.5', '|-', '| 128 || 3.3', '|-', '| 256 || 3.1')],
    [
      'a cell in each line',
      wiki('|-', '! width', '! loss', '|-', '| 64', '| 3.5', '|-', '| 128', '| 3.3', '|-', '| 256', '| 3.1'),
    ],
    [
      'with a caption, attributes and styles',
      wiki(
        "|+ style=\"caption-side: bottom\" | Losses of ''GPT''",
        '|- style="background: #eee;"',
        '! scope="col" | width !! scope="col" style="width: 5em" | loss',
        '|-',
        '| style="text-align:right" | 64 || align=right | 3.5',
        '|- id="b"',
        '|128||3.3',
        '|-',
        '| data-sort-value="256" | 256 || 3.1',
      ),
    ],
    [
      'in the middle of an article, with references',
      `== Results ==\nSee {{cite web|url=https://e.org|title=a|b}}.\n${wiki(
        '! [[width (network)|width]] !! loss<ref name="a">Table 3 of {{cite arXiv|eprint=2304.06875}}</ref>',
        '|-',
        "| '''64''' || 3.5<ref name=a />",
        '|-',
        '| 128 || 3.3{{efn|mean of | 3 seeds}}',
        '|-',
        '| 256 || {{nowrap|3.1}}',
      )}It falls.\n`,
    ],
    [
      'with heads of rows',
      wiki('! width !! loss', '|-', '! scope="row" | 64', '| 3.5', '|-', '! 128', '| 3.3', '|-', '! 256', '| 3.1'),
    ],
    ['rows alone', '! width !! loss\n|-\n| 64 || 3.5\n|-\n| 128 || 3.3\n|-\n| 256 || 3.1\n'],
    [
      'with decimal commas, units and a remark',
      wiki(
        '! Breite !! Verlust',
        '<!-- |- || 3 -->',
        '|-',
        '| 64 dims || 3,5',
        '|-',
        '| 128 dims || 3,3',
        '|-',
        '| 256 dims || 3,1',
      ),
    ],
    [
      'with templates for numbers',
      wiki(
        '! width !! loss',
        '|-',
        '| {{nts|64}} || {{formatnum:3.5}}',
        '|-',
        '| {{sort|0128|128}} || {{val|3.3}}',
        '|-',
        '| {{val|256|u=dims}} || {{color|green|3.1}}',
      ),
    ],
    [
      'indented, with an empty row',
      ':{|\n|-\n! width !! loss\n|-\n|-\n| 64 || 3.5\n|-\n| 128 || 3.3\n|-\n| 256 || 3.1\n|}\n',
    ],
    [
      'with a note across',
      wiki(
        '! width !! loss',
        '|-',
        '| 64 || 3.5',
        '|-',
        '| 128 || 3.3',
        '|-',
        '| 256 || 3.1',
        '|-',
        '| colspan="2" | <small>mean of 3 seeds</small>',
      ),
    ],
    [
      'with breaks and entities',
      wiki(
        '! width<br />(dims) !! loss',
        '|-',
        '| 64&nbsp; || 3.5',
        '|-',
        '|128',
        '|3.3',
        '|-',
        '|<nowiki>256</nowiki>||3&#46;1',
      ),
    ],
    [
      'with a cell that goes on in the next line, and the header once more',
      wiki(
        '! width !! loss',
        '|-',
        '| 64 ||',
        '3.5',
        '|-',
        '| 128 || 3.3',
        '|-',
        '! width !! loss',
        '|-',
        '| 256 || 3.1',
      ),
    ],
  ])('%s', (_, text) => {
    expect(laddersOf(text)).toEqual(three);
  });

  it.each([
    [
      'rows that span',
      wiki(
        '! recipe !! width !! loss',
        '|-',
        '| rowspan="3" | SP || 64 || 3.5',
        '|-',
        '| 128 || 3.4',
        '|-',
        '| 256 || 3.3',
        '|-',
        '| rowspan=3 | muP',
        '| 64',
        '| 3.4',
        '|-',
        '| 128 || 3.2',
        '|-',
        '| 256 || 3.1',
      ),
    ],
    [
      'heads that span',
      wiki(
        '! rowspan="2" | width !! colspan="2" | loss',
        '|-',
        '! SP !! muP',
        '|-',
        '| 64 || 3.5 || 3.4',
        '|-',
        '| 128 || 3.4 || 3.2',
        '|-',
        '| 256 || 3.3 || 3.1',
      ),
    ],
    [
      'a line above each group',
      wiki(
        '! width !! loss',
        '|-',
        '! colspan="2" | SP',
        '|-',
        '| 64 || 3.5',
        '|-',
        '| 128 || 3.4',
        '|-',
        '| 256 || 3.3',
        '|-',
        '! colspan="2" | muP',
        '|-',
        '| 64 || 3.4',
        '|-',
        '| 128 || 3.2',
        '|-',
        '| 256 || 3.1',
      ),
    ],
    [
      'two tables with captions',
      ['SP', 'muP']
        .map((name, i) =>
          wiki(
            `|+ ${name}`,
            '! width !! loss',
            '|-',
            `| 64 || ${[3.5, 3.4][i]}`,
            '|-',
            `| 128 || ${[3.4, 3.2][i]}`,
            '|-',
            `| 256 || ${[3.3, 3.1][i]}`,
          ),
        )
        .join('\n'),
    ],
    [
      'widths across',
      wiki('! !! 64 !! 128 !! 256', '|-', '! SP', '| 3.5 || 3.4 || 3.3', '|-', '! muP', '| 3.4 || 3.2 || 3.1'),
    ],
  ])('%s', (_, text) => {
    expect(laddersOf(text)).toEqual(both);
  });

  it('has powers and errors in templates', () => {
    const text = wiki(
      '! N !! loss',
      '|-',
      '| {{val|e=7}} || {{val|3.5|0.02}}',
      '|-',
      '| 4{{e|7}} || 3.3{{±|0.03}}',
      '|-',
      '| {{gaps|160|000|000}} || {{val|3.1|+0.02|-0.02}}',
    );
    expect(readSheet(text).rows.map(({ cells }) => cells)).toEqual([
      ['10^7', '3.5 ± 0.02'],
      ['4e7', '3.3 ± 0.03'],
      ['160000000', '3.1 ± 0.02'],
    ]);
  });

  it('tells a template that it does not know in its row, and refuses tables with other columns', () => {
    const text = wiki(
      '! width !! loss',
      '|-',
      '| 64 || {{loss of|64}}',
      '|-',
      '| 128 || 3.3',
      '|-',
      '| 256 || 3.1',
      '|-',
      '| 512 || 3.0',
    );
    expect(readTable(text).faults[0]!.sentence).toContain('{{loss of|64}}');
    const other = wiki('! width !! hours', '|-', '| 64 || 3.5');
    expect(() => readTable(text + other)).toThrow('The text holds 2 tables with other columns');
  });
});
