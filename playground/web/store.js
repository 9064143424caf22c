// What the page knows about the workspace as the acting person sees it. Parts
// of the page listen to topics: state, place, messages, thread, pane, views,
// home, clock, faults, notice.
import { api } from './api.js';
import { debounce } from './dom.js';
import { now, setClock } from './time.js';
import { setLocale } from './words.js';

const byTs = (a, b) => parseFloat(a.ts) - parseFloat(b.ts);
const inThread = (m) => m.thread_ts && m.thread_ts !== m.ts && m.subtype !== 'thread_broadcast';

class Store extends EventTarget {
  constructor() {
    super();
    this.events = 0;
    this.faultsOpen = false;
    this.clear();
    this.reload = debounce(() => this.load().catch(() => {}), 80);
    this.refetch = debounce(() => this.fetchMessages().catch(() => {}), 60);
  }

  /** clear forgets everything one person saw. */
  clear() {
    Object.assign(this, {
      workspace: '', timezone: 'UTC', me: '', users: new Map(), channels: [], commands: [], bot: null, clock: null,
      place: { channel: '', tab: 'messages' }, messages: [], firstUnread: '', thread: null,
      notices: [], views: [], home: null, pane: false, online: true, faults: { broken: [], switches: [] },
    });
  }

  on(topic, fn) {
    this.addEventListener(topic, fn);
  }

  emit(topic, detail) {
    this.dispatchEvent(new CustomEvent(topic, { detail }));
  }

  /** load reads the workspace's state again. */
  async load() {
    const s = await api.state();
    this.me = s.me?.id ?? s.me ?? this.me;
    this.workspace = s.workspace;
    this.timezone = s.timezone;
    this.users = new Map((s.users ?? []).map((u) => [u.id, u]));
    if (s.bot && !this.users.has(s.bot.id)) this.users.set(s.bot.id, { ...s.bot, bot: true });
    this.channels = s.channels ?? [];
    this.commands = s.commands ?? [];
    this.bot = s.bot;
    this.faults = s.faults ?? this.faults;
    this.pane = Boolean(s.pane);
    setLocale(this.person()?.locale);
    this.setClock(s.clock);
    this.emit('state');
    this.read();
  }

  setClock(clock) {
    if (!clock) return;
    this.clock = clock;
    setClock(this.timezone, clock.now_ms);
    this.emit('clock');
  }

  person(id = this.me) {
    return this.users.get(id);
  }

  channel(id = this.place.channel) {
    return this.channels.find((c) => c.id === id);
  }

  botChannel() {
    return this.channels.find((c) => c.kind === 'im');
  }

  /** go opens a channel, or the app's home or messages tab. */
  async go(channel, tab = 'messages') {
    const target = this.channel(channel);
    this.place = { channel, tab };
    // The assistant's pane stays open, and is told what one looks at.
    if (!this.thread?.pane) this.thread = null;
    else if (target?.kind !== 'im') api.assistant({ action: 'look', thread_ts: this.thread.ts, channel }).catch(() => {});
    this.messages = [];
    this.firstUnread = '';
    this.unreadAtOpen = target?.unread ?? 0;
    this.emit('place');
    this.emit('thread');
    if (tab === 'home') return;
    await this.fetchMessages(true);
  }

  async fetchMessages(opening = false) {
    const { channel, tab } = this.place;
    if (!channel || tab === 'home') return;
    const threadTs = this.thread?.ts;
    const { events } = this;
    const [all, replies] = await Promise.all([api.messages(channel), threadTs ? api.messages(this.thread.channel, threadTs) : null]);
    if (channel !== this.place.channel) return;
    // What happened meanwhile may be missing from the answer.
    if (events !== this.events) return this.fetchMessages(opening);
    this.messages = all.filter((m) => !inThread(m) && !m.assistant).sort(byTs);
    if (opening) this.markUnread();
    this.emit('messages', { opening });
    if (replies && this.thread?.ts === threadTs) {
      this.thread.messages = replies.sort(byTs);
      this.emit('thread');
    }
    this.read();
  }

  // markUnread finds where the line "new" goes: before the last n messages of others.
  markUnread() {
    let left = this.unreadAtOpen;
    const others = this.messages.filter((m) => m.user !== this.me && !m.ephemeral);
    if (left > 0) this.firstUnread = others[Math.max(0, others.length - left)]?.ts ?? '';
  }

  read() {
    const channel = this.channel();
    if (!channel || !channel.unread || this.place.tab === 'home' || document.hidden) return;
    channel.unread = 0;
    this.emit('state');
    api.read(channel.id).catch(() => {});
  }

  /** openThread opens a thread of the channel one is in, or a conversation of the assistant's pane in its channel. */
  async openThread(ts, pane = '') {
    const channel = pane || this.place.channel;
    this.faultsOpen = false;
    this.thread = { ts, channel, pane: Boolean(pane), messages: pane ? [] : this.messages.filter((m) => m.ts === ts) };
    this.emit('thread', { opening: true });
    let messages;
    let events;
    do {
      events = this.events;
      messages = await api.messages(channel, ts);
      if (this.thread?.ts !== ts) return;
    } while (events !== this.events); // what happened meanwhile may be missing
    this.thread.messages = messages.sort(byTs);
    this.emit('thread', { opening: true });
  }

  /** openPane begins a conversation with the assistant beside the channel one looks at. */
  async openPane() {
    const beside = this.channel()?.kind === 'im' ? '' : this.place.channel;
    const { channel, thread_ts: ts, error } = await api.assistant({ action: 'open', channel: beside });
    if (error) throw new Error(error);
    await this.openThread(ts, channel);
  }

  /** conversations are those with the assistant, newest first, as their first messages. */
  async conversations() {
    const all = await api.messages(this.botChannel().id);
    return all.filter((m) => m.assistant).sort(byTs).reverse();
  }

  /** showFaults opens or closes the panel of faults, which takes the thread's place. */
  showFaults(open) {
    this.faultsOpen = open;
    if (open) this.thread = null;
    this.emit('thread');
  }

  closeThread() {
    this.thread = null;
    this.emit('thread');
  }

  /** upsert puts a new or changed message where it belongs. */
  upsert(m) {
    this.events++;
    if (this.thread && m.channel === this.thread.channel && (m.ts === this.thread.ts || m.thread_ts === this.thread.ts)) {
      this.thread.messages = put(this.thread.messages, m);
      this.emit('thread');
    }
    if (m.assistant) return;
    if (m.channel !== this.place.channel || this.place.tab === 'home') {
      this.reload();
      return;
    }
    if (inThread(m)) {
      this.refetch();
      return;
    }
    this.messages = put(this.messages, m);
    this.emit('messages');
    if (document.hidden) this.reload();
    else api.read(m.channel).catch(() => {});
  }

  drop(channel, ts) {
    this.events++;
    if (channel === this.place.channel) {
      this.messages = this.messages.filter((m) => m.ts !== ts);
      this.emit('messages');
    }
    if (this.thread?.channel !== channel) return;
    if (this.thread.ts === ts) this.thread = null;
    else this.thread.messages = this.thread.messages.filter((m) => m.ts !== ts);
    this.emit('thread');
  }

  /** notice tells the person something; one that names a channel stays there too. */
  notice(text, level = 'error', channel = '') {
    const last = this.notices.at(-1);
    if (last && last.text === text && now() - last.at < 2000) return;
    const notice = { text, level, channel, at: now(), key: `notice-${this.notices.length}` };
    this.notices.push(notice);
    this.emit('notice', notice);
    if (channel && channel === this.place.channel) this.emit('messages');
  }

  /** receive applies one event of the server's stream. */
  receive(e) {
    switch (e.type) {
      case 'message': case 'message_changed': return this.upsert(e.message);
      case 'message_deleted': return this.drop(e.channel, e.ts);
      case 'views': this.views = e.stack ?? []; return this.emit('views');
      case 'home': this.home = e.view; return this.emit('home');
      case 'clock': return this.setClock(e.clock);
      case 'bot': this.bot = { ...this.bot, connected: e.connected }; return this.emit('state');
      case 'channels': return this.reload();
      case 'pane': this.pane = e.pane; return this.emit('pane');
      case 'faults': this.faults = { ...this.faults, ...e.faults }; return this.emit('faults');
      case 'notice': return this.notice(e.text, e.level, e.channel);
    }
  }
}

function put(list, m) {
  return [...list.filter((x) => x.ts !== m.ts), m].sort(byTs);
}

export const store = new Store();
