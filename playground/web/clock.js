// The bar with the workspace's movable clock.
import { api } from './api.js';
import { assistantButton } from './assistant.js';
import { h, redraw } from './dom.js';
import { faultsButton } from './faults.js';
import { icon } from './icons.js';
import { menu } from './popup.js';
import { store } from './store.js';
import { dayAndTime, now, shortDayAndTime } from './time.js';
import { locale, t } from './words.js';

const STEPS = [['plusHour', 3600], ['plusDay', 86400], ['plusWeek', 7 * 86400]];

/** clockBar makes the bar and keeps its time running. */
export function clockBar() {
  const time = h('time', { testid: 'clock-now' });
  const controls = h('div.clock-controls');
  const node = h('div.clock', { role: 'group' }, icon('clock', 16), time, controls, assistantButton(), faultsButton());
  const tick = () => {
    if (!store.clock) return;
    time.textContent = innerWidth < 720 ? shortDayAndTime(now()) : dayAndTime(now());
    time.title = `${t('clock')} · ${store.timezone}`;
  };
  const draw = () => {
    if (!store.clock) return;
    tick();
    node.setAttribute('aria-label', t('clock'));
    node.classList.toggle('moved', Boolean(store.clock?.offset_ms));
    redraw(controls, [store.clock.next, Boolean(store.clock.offset_ms), locale()], () => [steps(), next(), reset()]);
  };
  store.on('clock', draw);
  addEventListener('resize', tick);
  setInterval(tick, 1000);
  return node;
}

async function move(body) {
  try {
    const clock = await api.clock(body);
    store.setClock(clock.clock ?? clock);
  } catch (err) {
    store.notice(err.message);
  }
}

const step = (seconds) => move({ action: 'advance', seconds });

// On a narrow page the steps hide behind one button.
function steps() {
  const more = h('button.btn.small.narrow-only', {
    type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': t('moveClock'), testid: 'clock-steps',
    onclick: () => menu(more, [
      ...STEPS.map(([name, seconds]) => ({ label: t(name), value: name, run: () => step(seconds) })),
      { label: t('reset'), value: 'reset', run: () => move({ action: 'reset' }) },
    ], t('moveClock')),
  }, icon('more', 16));
  return [...STEPS.map(([name, seconds]) => h('button.btn.small.wide-only', { type: 'button', testid: `clock-${name}`, onclick: () => step(seconds) }, t(name))), more];
}

function next() {
  const to = store.clock.next;
  if (!to) return null;
  return h('button.btn.small.next', { type: 'button', testid: 'clock-next', title: `${to.label} · ${dayAndTime(to.at_ms)}`, onclick: () => move({ action: 'next' }) },
    icon('next', 14), h('span.label', t('next', to.label)), h('span.when', shortDayAndTime(to.at_ms)));
}

function reset() {
  if (!store.clock.offset_ms) return null;
  return h('button.btn.small.wide-only', { type: 'button', testid: 'clock-reset', title: t('reset'), 'aria-label': t('reset'), onclick: () => move({ action: 'reset' }) }, icon('reset', 15));
}
