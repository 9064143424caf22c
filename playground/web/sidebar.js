// The side of the page: who one acts as, the channels, the app.
import { avatar } from './avatar.js';
import { h, redraw } from './dom.js';
import { icon } from './icons.js';
import { menu } from './popup.js';
import { store } from './store.js';
import { t } from './words.js';

/** sidebar makes the column; actAs(id) changes the person; opened() runs after a place was chosen. */
export function sidebar({ actAs, opened }) {
  const node = h('nav.sidebar', { id: 'sidebar', 'aria-label': t('channels') });
  const go = (channel, tab) => {
    store.go(channel, tab).catch((err) => store.notice(err.message));
    opened();
  };
  const draw = () => {
    const { workspace, me, users, channels: all, bot, place } = store;
    redraw(node, [workspace, me, [...users.values()], all.map(({ last_ts, ...c }) => c), bot, place], () => [
      h('div.workspace', h('span', workspace)), switcher(actAs), h('div.places', channels(go), apps(go)), connection(),
    ]);
  };
  store.on('state', draw);
  store.on('place', draw);
  return node;
}

function switcher(actAs) {
  const me = store.person();
  const people = [...store.users.values()].filter((u) => !u.bot);
  const items = people.map((u) => ({
    label: [avatar(u, 30), h('span.who', h('b', u.real_name || u.name), h('small', u.title ?? ''))],
    testid: `user-${u.id}`, value: u.id, current: u.id === store.me, run: () => u.id !== store.me && actAs(u.id), class: 'person',
  }));
  const button = h('button.act-as', {
    type: 'button', testid: 'act-as', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': `${t('actAs')}: ${me?.real_name ?? ''}`,
    onclick: () => menu(button, items, t('actAs'), { match: true }),
  }, avatar(me, 34), h('span.who', h('b', me?.real_name || me?.name || '…'), h('small', me?.title || t('actAs'))), icon('down', 16));
  return button;
}

const current = (channel, tab) => store.place.channel === channel && (!tab || store.place.tab === tab);

function row(c, mark, name, go) {
  const on = current(c.id);
  // Who has not joined a channel is not told of what is new there.
  const unread = c.kind !== 'im' && c.member === false ? 0 : c.unread;
  return h('button.place', {
    type: 'button', testid: `channel-${c.id}`, class: `${on ? 'current' : ''} ${unread ? 'unread' : ''} ${c.kind !== 'im' && (c.member === false || c.archived) ? 'outside' : ''}`,
    'aria-current': on ? 'page' : null, title: c.topic || null, onclick: () => go(c.id),
  }, mark, h('span.name', name), unread ? h('span.badge', { 'aria-label': String(unread) }, unread > 99 ? '99+' : String(unread)) : null);
}

function channels(go) {
  const rows = store.channels.filter((c) => c.kind !== 'im').map((c) => row(c, icon(c.private ? 'lock' : 'hash', 16), c.name, go));
  return h('section', h('h2', t('channels')), rows);
}

function apps(go) {
  const dm = store.botChannel();
  if (!dm || !store.bot) return null;
  const tab = (name, testid, mark) => h('button.place.tab', {
    type: 'button', testid, class: current(dm.id, name) ? 'current' : '', onclick: () => go(dm.id, name),
  }, icon(mark, 15), h('span.name', t(name)));
  const bot = store.person(store.bot.id) ?? { ...store.bot, bot: true };
  return h('section', h('h2', t('apps')),
    row(dm, avatar({ ...bot, bot: true }, 20), store.bot.real_name || store.bot.name, go),
    tab('home', 'app-home', 'home'), tab('messages', 'app-messages', 'reply'));
}

function connection() {
  const { bot } = store;
  if (!bot) return null;
  return h('div.connection', { class: bot.connected ? 'on' : 'off', role: 'status', testid: 'connection' },
    h('i'), h('span.name', bot.real_name || bot.name), h('span', `${bot.mode} · ${bot.connected ? t('connected') : t('disconnected')}`));
}
