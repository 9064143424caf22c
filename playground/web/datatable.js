// A data_table: rows by the page, sorted by a press on a column's title, by
// number where every cell of the column is one.
import { fill, h } from './dom.js';
import { locale, t } from './words.js';

const textOf = (cell) => cell.text ?? (cell.type === 'raw_number' ? String(cell.value) : words(cell.elements ?? []));
const words = (elements) => elements.map((e) => e.text ?? words(e.elements ?? [])).join('');

/** dataTable draws a data_table block; content draws what is in a cell. */
export function dataTable(surface, block, content) {
  const [head, ...rows] = block.rows;
  const size = block.page_size ?? 5;
  const named = block.row_header_column_index ?? 0;
  const numeric = head.map((_, i) => rows.every((row) => row[i].type === 'raw_number'));
  const state = { page: 0, column: -1, down: false };
  const body = h('tbody');
  const pager = h('div.pager');
  const titles = h('tr');

  const sorted = () => {
    const { column: i, down } = state;
    if (i < 0) return rows;
    const order = numeric[i] ? (a, b) => a[i].value - b[i].value : (a, b) => textOf(a[i]).localeCompare(textOf(b[i]), locale());
    return [...rows].sort((a, b) => (down ? order(b, a) : order(a, b)));
  };
  const sort = (i) => {
    // The first press shows the greatest number, or begins with the first letter.
    const down = state.column === i ? !state.down : numeric[i];
    Object.assign(state, { column: i, down, page: 0 });
    draw();
    titles.children[i].firstChild.focus();
  };
  const turn = (by) => {
    state.page += by;
    draw();
    pager.querySelector(by > 0 ? '[data-testid=page-next]:not([disabled])' : '[data-testid=page-back]:not([disabled])')?.focus();
  };
  const button = (testid, label, sign, by, disabled) => h('button.btn.small', { type: 'button', testid, 'aria-label': label, disabled, onclick: () => turn(by) }, sign);
  const draw = () => {
    const first = state.page * size;
    const last = Math.min(rows.length, first + size);
    fill(titles, head.map((cell, i) => h('th', { scope: 'col', class: numeric[i] ? 'right' : '', 'aria-sort': state.column !== i ? null : state.down ? 'descending' : 'ascending' },
      h('button', { type: 'button', testid: `sort-${i}`, onclick: () => sort(i) }, cell.text, h('span', { 'aria-hidden': 'true' }, state.column !== i ? '' : state.down ? ' ▾' : ' ▴')))));
    fill(body, sorted().slice(first, last).map((row) => h('tr', row.map((cell, i) => h(i === named ? 'th' : 'td', {
      scope: i === named ? 'row' : null, class: numeric[i] ? 'right' : '',
    }, content(cell))))));
    fill(pager, h('span', { role: 'status' }, t('rowsOf', first + 1, last, rows.length)),
      rows.length > size ? [button('page-back', t('pageBack'), '‹', -1, first === 0), button('page-next', t('pageNext'), '›', 1, last === rows.length)] : null);
  };
  draw();
  return h('div.data-table', h('div.table-scroll', { tabindex: '0' }, h('table', h('caption', block.caption), h('thead', titles), body)), pager);
}
