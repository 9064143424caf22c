// Charts as SVG: bar, line, area and pie. Colours are those of Okabe and Ito, who
// chose them to be told apart by the colour-blind; lines also differ by their
// dashes. Every chart has its numbers as a table, too.
import { fill, h, uid } from './dom.js';
import { locale, t } from './words.js';

const NS = 'http://www.w3.org/2000/svg';
const HEIGHT = 200; // of the plot
const LETTER = 6.6; // width of a Latin letter of the labels; a Chinese one takes two
const LONGEST = 110; // of a label along the axis, in pixels
const SLANT = Math.PI / 5;

function s(tag, attributes, ...children) {
  const el = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) el.setAttribute(name, value);
  el.append(...children.flat(Infinity).filter((child) => child !== null));
  return el;
}

const text = (x, y, label, more = {}) => s('text', { x, y, ...more }, label);
const hover = (label) => s('title', {}, label);
const number = (v) => new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(v);
const width = (label) => [...label].reduce((n, c) => n + (c.codePointAt(0) > 0x2e7f ? 2 : 1) * LETTER, 0);

function clipped(label) {
  if (width(label) <= LONGEST) return label;
  let kept = [...label];
  while (width(kept.join('')) > LONGEST - 10) kept = kept.slice(0, -1);
  return `${kept.join('')}…`;
}

/** chart draws a data_visualization block; it follows the width that it has. */
export function chart(surface, block) {
  const { chart: data, title } = block;
  const pie = data.type === 'pie';
  const id = uid('chart');
  const host = h('div.chart-host', { tabindex: '0' });
  const node = h('figure.chart', { role: 'group', 'aria-labelledby': id }, h('figcaption', { id }, title), host, legend(data), numbers(data));
  const draw = (wide) => fill(host, pie ? pieOf(data, title, wide) : axesOf(data, title, wide));
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const wide = Math.floor(Math.min(640, Math.max(240, entry.contentRect.width)));
    if (wide !== drawn) draw(drawn = wide);
  }).observe(host);
  draw(480);
  return node;
}

const picture = (data, title, wide, high, ...children) => s('svg', {
  viewBox: `0 0 ${wide} ${high}`, width: wide, height: high, role: 'img', class: `chart-${data.type}`,
}, hover(`${title}: ${t(`chart_${data.type}`)}`), s('desc', {}, spoken(data)), children);

// spoken is what a screen reader says of a chart.
function spoken(data) {
  if (data.type === 'pie') return data.segments.map((p) => `${p.label} ${number(p.value)}`).join(', ');
  return data.series.map((one) => `${one.name}: ${one.data.map((p) => `${p.label} ${number(p.value)}`).join(', ')}`).join('; ');
}

function legend(data) {
  const total = (data.segments ?? []).reduce((sum, p) => sum + p.value, 0);
  const names = data.type === 'pie'
    ? data.segments.map((p) => `${p.label} ${number(p.value)} (${Math.round((100 * p.value) / total)}%)`)
    : data.series.map((one) => one.name);
  return h('ul.legend', names.map((name, i) => h('li', s('svg', { viewBox: '0 0 18 10', width: 18, height: 10, class: 'key', 'aria-hidden': 'true' },
    data.type === 'line' ? s('line', { x1: 1, y1: 5, x2: 17, y2: 5, class: `line s${i}` }) : s('rect', { x: 4, width: 10, height: 10, rx: 2, class: `s${i}` })), name)));
}

function numbers(data) {
  const right = (v) => h('td.right', number(v));
  const rows = data.type === 'pie'
    ? data.segments.map((p) => h('tr', h('th', { scope: 'row' }, p.label), right(p.value)))
    : data.axis_config.categories.map((name, i) => h('tr', h('th', { scope: 'row' }, name), data.series.map((one) => right(valueAt(one, name, i)))));
  const head = data.type === 'pie' ? null : h('thead', h('tr', h('th', { scope: 'col' }, data.axis_config.x_label ?? ''), data.series.map((one) => h('th', { scope: 'col' }, one.name))));
  return h('details', h('summary', t('asTable')), h('div.table-scroll', { tabindex: '0' }, h('table', head, h('tbody', rows))));
}

// valueAt is a series' value of a category: points name theirs and may come in any order.
const valueAt = (one, name, i) => (one.data.find((p) => p.label === name) ?? one.data[i]).value;

/** ticks are round numbers from a least to a greatest value, both within them. */
export function ticks(least, greatest) {
  const span = greatest - least || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => span / n <= 5);
  const first = Math.floor(least / step);
  const count = Math.ceil(greatest / step) - first;
  return Array.from({ length: count + 1 }, (_, i) => (first + i) * step);
}

function axesOf(data, title, given) {
  const { categories, x_label: below, y_label: beside } = data.axis_config;
  const series = data.series.map((one) => categories.map((name, i) => valueAt(one, name, i)));
  const all = series.flat();
  const marks = ticks(Math.min(0, ...all), Math.max(0, ...all) || 1);
  const left = Math.max(...marks.map((m) => width(number(m)))) + 12;
  // What has no room on a telephone is scrolled.
  const labels = categories.map(clipped);
  const longest = Math.max(...labels.map(width));
  const least = Math.max(longest > 40 ? 24 : 18, data.type === 'bar' ? 9 * series.length : 0);
  const wide = Math.max(given, left + 8 + categories.length * least);
  const [lowest, highest] = [marks[0], marks.at(-1)];
  const band = (wide - left - 8) / categories.length;
  const slanted = longest > band - 4;
  const top = beside ? 34 : 18;
  const room = slanted ? longest * Math.sin(SLANT) + 16 : 20;
  const high = top + HEIGHT + room + (below ? 18 : 0) + 4;
  const y = (v) => top + HEIGHT * (1 - (v - lowest) / (highest - lowest));
  const x = (i) => left + band * (i + 0.5);
  const grid = marks.map((m) => s('g', {}, s('line', { x1: left, x2: wide - 4, y1: y(m), y2: y(m), class: m === 0 ? 'zero' : 'grid' }),
    text(left - 6, y(m) + 4, number(m), { 'text-anchor': 'end' })));
  const names = labels.map((label, i) => {
    const [at, under] = [x(i), top + HEIGHT + 16];
    const place = slanted ? { 'text-anchor': 'end', transform: `rotate(${-SLANT * (180 / Math.PI)} ${at} ${under})` } : { 'text-anchor': 'middle' };
    return s('text', { x: at, y: under, class: 'category', ...place }, label, hover(categories[i]));
  });
  const plot = { data, categories, series, x, y, band, zero: y(Math.min(Math.max(0, lowest), highest)) };
  return picture(data, title, wide, high, grid, names,
    beside ? text(0, 12, beside, { class: 'axis' }) : null,
    below ? text(left + (wide - left) / 2, high - 5, below, { class: 'axis', 'text-anchor': 'middle' }) : null,
    data.type === 'bar' ? bars(plot) : lines(plot));
}

function bars({ data, categories, series, x, y, band, zero }) {
  const each = Math.min(56, (band * 0.72) / series.length);
  const room = series.length === 1 ? band : each + 2;
  const told = series.flat().every((v) => width(number(v)) <= room);
  return categories.map((name, i) => s('g', {}, series.map((values, k) => {
    const v = values[i];
    const at = x(i) + each * (k - series.length / 2);
    const said = number(v);
    const value = told
      ? text(at + each / 2, v < 0 ? y(v) + 13 : y(v) - 4, said, { class: 'value', 'text-anchor': 'middle' }) : null;
    const high = Math.abs(y(v) - zero);
    return [s('rect', { class: `bar s${k}`, x: at + 1, width: Math.max(1, each - 2), y: Math.min(y(v), zero), height: v === 0 ? 0 : Math.max(1, high), rx: Math.min(2, high / 2) },
      hover(`${name}, ${data.series[k].name}: ${said}`)), value];
  }).flat()));
}

function lines({ data, categories, series, x, y, zero }) {
  return series.map((values, k) => {
    const path = values.map((v, i) => `${i ? 'L' : 'M'}${x(i)} ${y(v)}`).join('');
    const area = data.type === 'area' ? s('path', { class: `area s${k}`, d: `${path}L${x(values.length - 1)} ${zero}L${x(0)} ${zero}Z` }) : null;
    const dots = values.map((v, i) => s('circle', { class: `dot s${k}`, cx: x(i), cy: y(v), r: 3.5 }, hover(`${categories[i]}, ${data.series[k].name}: ${number(v)}`)));
    const last = values.length - 1;
    // Of two ends that lie close the lower one is said below its line.
    const below = series.some((other, j) => j !== k && Math.abs(y(other[last]) - y(values[last])) < 16 && (y(other[last]) < y(values[last]) || (j < k && other[last] === values[last])));
    const end = series.length > 2 ? null : text(x(last), y(values[last]) + (below ? 17 : -8), number(values[last]), { class: 'value', 'text-anchor': last > 0 ? 'end' : 'middle' });
    return s('g', {}, area, s('path', { class: `line s${k}`, d: path }), dots, end);
  });
}

function pieOf(data, title, wide) {
  const radius = Math.min(100, wide / 2 - 8);
  const [cx, cy] = [wide / 2, radius + 6];
  const total = data.segments.reduce((sum, p) => sum + p.value, 0);
  let from = 0;
  const slices = data.segments.map((p, i) => {
    const to = from + (2 * Math.PI * p.value) / total;
    const point = (angle) => `${cx + radius * Math.sin(angle)} ${cy - radius * Math.cos(angle)}`;
    const d = data.segments.length === 1
      ? `M${cx} ${cy - radius}a${radius} ${radius} 0 1 1 -0.01 0Z`
      : `M${cx} ${cy}L${point(from)}A${radius} ${radius} 0 ${to - from > Math.PI ? 1 : 0} 1 ${point(to)}Z`;
    from = to;
    return s('path', { class: `slice s${i}`, d }, hover(`${p.label}: ${number(p.value)}`));
  });
  return picture(data, title, wide, 2 * radius + 12, slices);
}
