// Times as people of the workspace read them: always in the workspace's zone,
// relative to the workspace's movable clock.
import { locale, t } from './words.js';

let zone = 'UTC';
let offset = 0;

/** setClock tells the zone and how far the workspace's clock is from ours. */
export function setClock(timezone, nowMs) {
  zone = timezone || 'UTC';
  offset = nowMs - Date.now();
}

/** now is the workspace's time in milliseconds. */
export const now = () => Date.now() + offset;

/** tsToMs reads a message timestamp "1700000000.000100". */
export const tsToMs = (ts) => parseFloat(ts) * 1000;

const format = (ms, options) => new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }).format(ms);

export const timeOfDay = (ms) => format(ms, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
export const fullTime = (ms) => format(ms, { dateStyle: 'full', timeStyle: 'short' });
export const dayAndTime = (ms) => `${format(ms, { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' })} ${timeOfDay(ms)}`;
export const shortDayAndTime = (ms) => `${format(ms, { month: 'numeric', day: 'numeric', weekday: 'short' })} ${timeOfDay(ms)}`;

/** dayKey is the calendar day YYYY-MM-DD in the workspace's zone. */
export function dayKey(ms) {
  const p = zoned(ms);
  return `${p.year}-${p.month}-${p.day}`;
}

/** dayLabel says today, yesterday, tomorrow or the date. */
export function dayLabel(ms, style = 'full') {
  return near(ms) ?? format(ms, { dateStyle: style });
}

function near(ms) {
  const day = 86400e3;
  const key = dayKey(ms);
  if (key === dayKey(now())) return t('today');
  if (key === dayKey(now() - day)) return t('yesterday');
  if (key === dayKey(now() + day)) return t('tomorrow');
  return null;
}

/** zoned splits a moment into {year, month, day, hour, minute} of the workspace's zone. */
export function zoned(ms) {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(ms);
  return Object.fromEntries(parts.map((p) => [p.type, p.value]));
}

/** toLocalInput gives the value of a datetime-local input for a Unix second. */
export function toLocalInput(seconds) {
  const p = zoned(seconds * 1000);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

/** fromLocalInput is the Unix second of a datetime-local value in the workspace's zone. */
export function fromLocalInput(value) {
  const guess = Date.parse(`${value}:00Z`);
  let at = guess;
  // Twice: the zone's offset at the guess may differ from the one at the answer.
  for (let i = 0; i < 2; i++) at += guess - Date.parse(`${toLocalInput(at / 1000)}:00Z`);
  return Math.floor(at / 1000);
}

function ago(ms) {
  const seconds = (ms - now()) / 1000;
  const steps = [[60, 'second', 1], [3600, 'minute', 60], [86400, 'hour', 3600], [Infinity, 'day', 86400]];
  const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit);
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

const TOKENS = {
  date_num: (ms) => dayKey(ms),
  date: (ms) => format(ms, { dateStyle: 'long' }),
  date_short: (ms) => format(ms, { dateStyle: 'medium' }),
  date_long: (ms) => format(ms, { dateStyle: 'full' }),
  date_pretty: (ms) => dayLabel(ms, 'long'),
  date_short_pretty: (ms) => dayLabel(ms, 'medium'),
  date_long_pretty: (ms) => dayLabel(ms, 'full'),
  day_divider_pretty: (ms) => dayLabel(ms, 'full'),
  time: (ms) => timeOfDay(ms),
  time_secs: (ms) => format(ms, { timeStyle: 'medium', hourCycle: 'h23' }),
  ago,
};

/** slackDate fills the tokens of <!date^…>; null when the format is not valid. */
export function slackDate(seconds, pattern) {
  if (!Number.isFinite(seconds)) return null;
  let known = true;
  const text = pattern.replace(/\{(\w+)\}/g, (all, token) => {
    if (!TOKENS[token]) known = false;
    return TOKENS[token] ? TOKENS[token](seconds * 1000) : all;
  });
  return known ? text : null;
}
