// A CSV file as rows (RFC 4180): quoted cells may hold commas, line ends and doubled quotes.

export function rowsOf(text) {
  const rows = [];
  let row = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/gy;
  const whole = text.replace(/^\ufeff/, "");
  while (cell.lastIndex < whole.length) {
    const found = cell.exec(whole);
    if (!found) return rows; // a quotation mark where none may be: what was read so far
    row.push(found[1] === undefined ? found[2] : found[1].replace(/""/g, '"'));
    if (found[3] !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return row.length ? [...rows, row] : rows;
}
