// The panel with the fault switches: what goes wrong on purpose, and how often it did.
import { api } from './api.js';
import { h, redraw, uid } from './dom.js';
import { icon } from './icons.js';
import { store } from './store.js';
import { locale, t } from './words.js';

const ENDS = ['times', 'for', 'never'];
const working = () => store.faults.broken.filter((b) => !b.over);
const count = () => working().length + store.faults.switches.filter((s) => s.on).length;

/** faultsButton opens and closes the panel; it shows how many faults are at work. */
export function faultsButton() {
  const node = h('button.btn.small.faults-button', { type: 'button', testid: 'faults', 'aria-controls': 'faults', onclick: () => store.showFaults(!store.faultsOpen) });
  const draw = () => {
    node.setAttribute('aria-expanded', String(store.faultsOpen));
    node.classList.toggle('on', count() > 0);
    redraw(node, [count(), locale()], () => [icon('bolt', 15), h('span.wide-only', t('faults')), count() ? h('span.badge', String(count())) : null]);
    node.setAttribute('aria-label', `${t('faults')}: ${count()}`);
  };
  for (const topic of ['faults', 'state']) store.on(topic, draw);
  draw();
  return node;
}

/** faultsPanel makes the panel; it is hidden until it is asked for. */
export function faultsPanel() {
  const head = h('header.heading');
  const form = new Form();
  const list = h('ul.fault-list', { 'aria-live': 'polite' });
  const switches = h('div.toggles');
  const node = h('aside.thread.faults', { id: 'faults', testid: 'faults-panel', hidden: true },
    head, h('div.fault-body', switches, form.node, list));
  node.addEventListener('keydown', (e) => e.key === 'Escape' && !e.defaultPrevented && store.showFaults(false));
  const draw = () => {
    node.hidden = !store.faultsOpen;
    node.closest('.columns')?.classList.toggle('with-thread', store.faultsOpen || Boolean(store.thread));
    node.setAttribute('aria-label', t('faults'));
    redraw(head, locale(), () => [h('h1', t('faults')), h('p.topic', t('faultsAbout')),
      h('button.icon-button', { type: 'button', 'aria-label': t('close'), testid: 'faults-close', onclick: () => store.showFaults(false) }, icon('close'))]);
    redraw(switches, [store.faults.switches, locale()], () => store.faults.switches.map(toggle));
    form.draw();
    redraw(list, [store.faults.broken, working().length > 1, locale(), store.channels.map((c) => c.name)], rows);
  };
  for (const topic of ['faults', 'state', 'thread']) store.on(topic, draw);
  return node;
}

async function ask(call) {
  try {
    const answer = await call;
    if (answer.ok === false && answer.error) store.notice(answer.error);
  } catch (err) {
    store.notice(err.message);
  }
}

// toggle is a switch that the workspace's program supplies.
function toggle(s) {
  return h('label.toggle', h('input', { type: 'checkbox', role: 'switch', testid: `switch-${s.name}`, checked: s.on, onchange: (e) => ask(api.flip(s.name, e.target.checked)) }), h('span', s.labels?.[locale()] ?? s.labels?.['en-US'] ?? s.name));
}

function rows() {
  const { broken } = store.faults;
  const all = working().length > 1
    ? h('button.btn.small', { type: 'button', testid: 'fault-mend-all', onclick: () => ask(api.fault({ action: 'mend_all' })) }, t('mendAll')) : null;
  const head = broken.length ? h('li.fault-head', h('h2', t('switchedOn')), all) : null;
  return [head, broken.map((b) => h('li.fault-row', { testid: 'fault', class: b.over ? 'over' : '', data: { kind: b.fault.kind } },
    h('div.what', h('b', name(b.fault)), h('small', about(b))),
    h('span.hits', { testid: 'fault-hits', title: t('hits') }, b.hits === 1 ? t('hit1') : t('hitsN', b.hits)),
    b.over ? h('small.state', t('over')) : h('button.btn.small', { type: 'button', testid: 'fault-mend', onclick: () => ask(api.fault({ action: 'mend', id: b.id })) }, t('switchOff'))))];
}

const name = (f) => [t(`fault_${f.kind}`), f.code && ` ${f.code}`, f.after && ` · ${t('afterDoing')}`].filter(Boolean).join('');

function about({ fault: f }) {
  const channel = store.channel(f.channel);
  const parts = [
    f.method || t('allMethods'),
    f.channel && `#${channel?.name ?? f.channel}`,
    f.every > 1 && t('everyNth', f.every),
    f.chance && `${Math.round(f.chance * 100)}%`,
    f.times && t('timesN', f.times),
    f.for && t('secondsN', f.for),
  ];
  return parts.filter(Boolean).join(' · ');
}

// Form is where a fault is put together; what was chosen stays for the next one.
class Form {
  constructor() {
    this.chosen = { kind: 'answer_lost', method: 'chat.postMessage', channel: '', ends: 'times', number: 1, retry: 30, code: 'internal_error', after: false };
    this.node = h('form.fault-form', { onsubmit: (e) => { e.preventDefault(); this.submit(); } });
  }

  draw() {
    const { kinds, methods } = store.faults;
    redraw(this.node, [kinds, methods, this.chosen.kind, this.chosen.ends, store.channels.map((c) => [c.id, c.name]), locale()], () => this.fields());
  }

  fields() {
    const { kinds = [], methods = [] } = store.faults;
    const { kind, ends } = this.chosen;
    const channels = store.channels.filter((c) => c.kind !== 'im').map((c) => [c.id, `#${c.name}`]);
    const after = h('label.toggle', h('input', { type: 'checkbox', testid: 'fault-after', checked: this.chosen.after, onchange: (e) => { this.chosen.after = e.target.checked; } }), h('span', t('afterDoing')));
    return [
      this.choice('kind', t('fault'), kinds.map((k) => [k, t(`fault_${k}`)])),
      h('p.hint', t(`about_${kind}`)),
      this.choice('method', t('method'), [['', t('allMethods')], ...methods.map((m) => [m, m])]),
      this.choice('channel', t('channel'), [['', t('allChannels')], ...channels]),
      kind === 'storm' ? this.number('retry', t('retryAfter')) : null,
      kind === 'refusal' ? this.labelled(t('code'), (id) => h('input.field', { id, testid: 'fault-code', value: this.chosen.code, required: true, oninput: (e) => { this.chosen.code = e.target.value; } })) : null,
      h('div.fault-pair', this.choice('ends', t('ends'), ENDS.map((e) => [e, t(`ends_${e}`)])), ends === 'never' ? null : this.number('number', t(`unit_${ends}`))),
      kind === 'answer_lost' || kind === 'storm' ? null : after,
      h('button.btn.danger', { type: 'submit', testid: 'fault-break' }, icon('bolt', 15), t('switchOn')),
    ];
  }

  labelled(label, make) {
    const id = uid('fault');
    return h('div.input', h('label.label', { for: id }, label), make(id));
  }

  choice(key, label, options) {
    const change = (e) => {
      this.chosen[key] = e.target.value;
      this.draw();
    };
    return this.labelled(label, (id) => {
      const field = h('select.field', { id, testid: `fault-${key}`, onchange: change }, options.map(([value, text]) => h('option', { value }, text)));
      field.value = this.chosen[key];
      return field;
    });
  }

  number(key, label) {
    return this.labelled(label, (id) => h('input.field', {
      id, type: 'number', min: '1', step: '1', required: true, testid: `fault-${key}`, value: this.chosen[key],
      oninput: (e) => { this.chosen[key] = e.target.valueAsNumber; },
    }));
  }

  submit() {
    const { kind, method, channel, ends, number, retry, code, after } = this.chosen;
    ask(api.fault({
      action: 'break',
      fault: {
        kind, method, channel, after: after && kind !== 'answer_lost' && kind !== 'storm',
        ...(ends === 'never' ? {} : { [ends]: number }),
        ...(kind === 'storm' ? { retry_after: retry } : {}),
        ...(kind === 'refusal' ? { code } : {}),
      },
    }));
  }
}
