// Wiring of the page: the frame, the person one acts as, the stream of events.
import { actAs, api, listen } from './api.js';
import { avatar } from './avatar.js';
import { clockBar } from './clock.js';
import { Composer } from './composer.js';
import { h, redraw } from './dom.js';
import { faultsPanel } from './faults.js';
import { homeTab } from './home.js';
import { icon } from './icons.js';
import { MessageList, noticesIn } from './messages.js';
import { modals } from './modal.js';
import { notices } from './notices.js';
import { menu as openMenu } from './popup.js';
import { sidebar } from './sidebar.js';
import { store } from './store.js';
import { thread } from './thread.js';
import { locale, t } from './words.js';

const hash = () => new URLSearchParams(location.hash.slice(1));
let stop = () => {};

const list = new MessageList();
const composer = new Composer({ send: (text) => say(text), attach: (file) => upload(file) });
const home = homeTab();
const heading = h('header.heading');
const closed = h('p.closed', { hidden: true, testid: 'archived' });
const main = h('main.pane', heading, home.node, list.node, composer.node, closed);
const app = document.getElementById('app');
const side = sidebar({ actAs: become, opened: closeDrawer });
const scrim = h('div.scrim', { onclick: closeDrawer });
app.append(notices(), side, scrim, h('div.main', clockBar(), h('div.columns', main, thread(), faultsPanel())), modals());

async function say(text) {
  list.toEnd(); // the answer is looked for there
  const answer = await api.say(store.place.channel, '', text);
  if (answer.ok === false && answer.error) store.notice(answer.error, 'error', store.place.channel);
}

function upload(file) {
  list.toEnd();
  return api.upload(file, store.place.channel);
}

function openDrawer() {
  app.classList.add('drawer');
  side.querySelector('button')?.focus();
}

function closeDrawer() {
  app.classList.remove('drawer');
}

addEventListener('keydown', (e) => e.key === 'Escape' && closeDrawer());

function drawHeading() {
  const channel = store.channel();
  if (!channel) return;
  const isApp = channel.kind === 'im';
  const menu = h('button.icon-button.narrow-only', { type: 'button', testid: 'menu', 'aria-label': t('menu'), 'aria-controls': 'sidebar', onclick: openDrawer }, icon('menu'));
  const mark = isApp ? avatar({ ...(store.person(store.bot?.id) ?? store.bot), bot: true }, 26) : icon(channel.private ? 'lock' : 'hash', 18);
  const title = h('h1', mark, h('span', isApp ? store.bot?.real_name || channel.name : channel.name));
  const about = () => (isApp ? tabs(channel) : h('p.topic', { title: channel.topic || null }, channel.topic));
  const marks = isApp ? null : [channel.archived && h('span.archived-mark', t('archived')), !channel.bot && h('span.archived-mark.bad', t('botOut', store.bot?.real_name))];
  redraw(heading, [channel.name, channel.topic, channel.archived, channel.bot, store.place, store.bot?.real_name, locale()],
    () => [menu, title, marks, about(), isApp ? null : channelMenu(channel)]);
  drawComposer();
  document.title = `${isApp ? '' : '#'}${channel.name} · ${store.workspace}`;
}

// Nobody writes in an archived channel.
function drawComposer() {
  const atHome = store.place.tab === 'home';
  const archived = Boolean(store.channel()?.archived);
  list.node.hidden = atHome;
  composer.node.hidden = atHome || archived;
  closed.hidden = atHome || !archived;
  closed.textContent = t('archivedAbout');
}

// channelMenu is what people may do to a channel that the bot has to live with.
function channelMenu(channel) {
  const bot = store.bot?.real_name || store.bot?.name;
  const item = (action, label) => ({ label, value: action, testid: `channel-${action}`, run: () => manage(channel.id, action) });
  const button = h('button.icon-button.channel-menu', {
    type: 'button', testid: 'channel-menu', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': t('moreActions'), title: t('moreActions'),
    onclick: () => openMenu(button, [
      ...(channel.archived ? [] : [channel.bot ? item('remove_bot', t('removeBot', bot)) : item('invite_bot', t('inviteBot', bot))]),
      channel.archived ? item('unarchive', t('unarchive')) : item('archive', t('archive')),
    ], t('moreActions')),
  }, icon('more'));
  return button;
}

async function manage(channel, action) {
  const answer = await api.manage(channel, action).catch((err) => ({ ok: false, error: err.message }));
  if (answer.ok === false && answer.error) store.notice(answer.error);
}

function tabs(channel) {
  return h('div.tabs', { role: 'tablist' }, ['home', 'messages'].map((tab) => h('button', {
    type: 'button', role: 'tab', testid: `tab-${tab}`, 'aria-selected': String(store.place.tab === tab), onclick: () => store.go(channel.id, tab),
  }, t(tab))));
}

store.on('state', drawHeading);
store.on('place', () => {
  const { channel, tab } = store.place;
  const at = store.channel();
  const atHome = tab === 'home';
  drawHeading();
  home.node.hidden = !atHome;
  list.show([]);
  const name = at?.kind === 'im' ? store.bot?.real_name : `#${at?.name}`;
  composer.open(channel, t('messageTo', name));
  if (atHome) home.open();
  else composer.focus();
  remember();
});
store.on('messages', (e) => list.show(store.messages, {
  opening: e.detail?.opening, firstUnread: store.firstUnread, notices: noticesIn(store.place.channel), empty: t('emptyChannel'),
}));
addEventListener('visibilitychange', () => store.read());

function remember() {
  const { channel, tab } = store.place;
  const params = new URLSearchParams({ user: store.me, channel, ...(tab === 'home' ? { tab } : {}) });
  history.replaceState(null, '', `#${params}`);
  try {
    localStorage.setItem('playground-user', store.me);
  } catch {
    // Storage may be forbidden; the address remembers too.
  }
}

/** become starts over as another person. */
async function become(id) {
  stop();
  // The new person stays in the same place when they can see it.
  const wanted = hash();
  const inApp = store.channel()?.kind === 'im';
  actAs(id);
  store.clear();
  store.me = id;
  store.emit('views');
  store.emit('home');
  await store.load();
  const channel = (inApp && store.botChannel()) || store.channel(wanted.get('channel')) || firstChannel();
  if (channel) await store.go(channel.id, channel.kind === 'im' && wanted.get('tab') || 'messages');
  let first = true;
  stop = listen({
    onEvent: (e) => store.receive(e),
    onOpen: () => {
      online(true);
      // What happened while nobody listened, the moment before the first
      // connection too, is fetched again.
      resync(!first);
      first = false;
    },
    onLost: () => online(false),
  });
  closeDrawer();
}

const firstChannel = () => store.channels.find((c) => c.kind !== 'im' && c.member !== false) ?? store.channels[0];

function online(yes) {
  store.online = yes;
  store.emit('online');
}

async function resync(again) {
  try {
    await store.load();
    await store.fetchMessages();
    if (again && store.place.tab === 'home') home.open();
  } catch (err) {
    store.notice(err.message);
  }
}

async function start() {
  const asked = hash().get('user') ?? stored();
  try {
    const { users } = await api.state(asked ?? '').catch(() => api.state(''));
    const people = users.filter((u) => !u.bot);
    await become((people.find((u) => u.id === asked) ?? people[0]).id);
  } catch (err) {
    store.notice(err.message || t('trouble'));
    setTimeout(start, 2000);
  }
}

function stored() {
  try {
    return localStorage.getItem('playground-user');
  } catch {
    return null;
  }
}

addEventListener('hashchange', () => {
  const to = hash();
  if (to.get('user') && to.get('user') !== store.me) become(to.get('user'));
  else if (store.channel(to.get('channel'))) store.go(to.get('channel'), to.get('tab') ?? 'messages');
});

start();
