// What was copied from a list or a spreadsheet, as rows of cells.

/** Rows of a text with tabs between cells; a cell with line ends stands between quotes, as spreadsheets write it. */
function table(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\n') rows.push([]);
    if (end === '') break;
  }
  return rows;
}

/** Rows of what was copied, without those that say nothing; a list loses its numbers and bullets. */
export function rows(text: string): string[][] {
  const clean = text.replaceAll('\r\n', '\n').replace(/\n+$/, '');
  const all = clean.includes('\t') ? table(clean) : clean.split('\n').map((line) => [line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '')]);
  return all.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some(Boolean));
}
