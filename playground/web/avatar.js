// A person's picture: the end of the name on the person's colour; an app's, its beginning.
import { h } from './dom.js';

const COLORS = ['#2f6690', '#7a4e7e', '#2d7d5f', '#b0603a', '#4a5a9e', '#8c6a1f', '#a3475c', '#36788a'];

/** avatar draws a square of size pixels for a user; it is decoration. */
export function avatar(user, size = 36) {
  const name = user?.real_name || user?.name || '?';
  const color = user?.color ? `#${String(user.color).replace(/^#/, '')}` : COLORS[hash(user?.id ?? '') % COLORS.length];
  const style = { width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.4)}px`, background: color };
  return h('span.avatar', { class: user?.bot ? 'bot' : '', style, 'aria-hidden': 'true' }, initials(name, size, user?.bot));
}

function initials(name, size, bot) {
  const han = [...name.replace(/[^\p{Script=Han}]/gu, '')];
  const n = size < 28 ? 1 : 2;
  if (han.length) return (bot ? han.slice(0, n) : han.slice(-n)).join('');
  return name.split(/\s+/).slice(0, 2).map((w) => [...w][0]?.toUpperCase() ?? '').join('');
}

const hash = (s) => [...s].reduce((n, c) => (n * 31 + c.codePointAt(0)) >>> 0, 7);
