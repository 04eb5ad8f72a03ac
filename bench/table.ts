/** A figure: a name, its value, and what it is counted in; a ratio stands for itself. */
export interface Figure {
  name: string;
  value: number;
  unit: 'ms' | 'ratio' | 'bytes';
}

/** Figures by column, printed beside their ratio to the raw commit. */
export class Table {
  readonly #columns = new Map<string, Figure[]>();

  add(column: string, figures: Figure[]): void {
    this.#columns.set(column, figures);
  }

  /** False where there is nothing to print. */
  print(rawCommitMs: number): boolean {
    const columns = [...this.#columns];
    if (columns.length === 0) return false;
    const names = columns[0]?.[1].map((figure) => figure.name) ?? [];
    const cell = (figure: Figure | undefined): string => {
      if (!figure) return '';
      if (figure.unit === 'ratio') return `${figure.value.toFixed(2)}×`;
      if (figure.unit === 'bytes') return `${Math.round(figure.value)} bytes`;
      return `${figure.value.toFixed(3)} ms = ${(figure.value / rawCommitMs).toFixed(2)} commits`;
    };
    console.log(`| figure | ${columns.map(([name]) => name).join(' | ')} |`);
    console.log(`|---|${columns.map(() => '---').join('|')}|`);
    for (const name of names) {
      console.log(
        `| ${name} | ${columns.map(([, figures]) => cell(figures.find((figure) => figure.name === name))).join(' | ')} |`,
      );
    }
    return true;
  }
}
