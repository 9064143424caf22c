// The list of messages of a channel or a thread.
import { api } from './api.js';
import { avatar } from './avatar.js';
import { confirm } from './confirm.js';
import { fill, h, patchChildren } from './dom.js';
import { icon } from './icons.js';
import { mrkdwn } from './mrkdwn.js';
import { store } from './store.js';
import { Surface } from './surface.js';
import { fileSize } from './inputs.js';
import { dayKey, dayLabel, fullTime, timeOfDay, tsToMs } from './time.js';
import { t } from './words.js';

const TOGETHER = 5 * 60e3;

/** MessageList draws messages and keeps the newest in sight while the reader is there. */
export class MessageList {
  /** thread: the list of one thread, which has no day dividers and no reply links. */
  constructor({ thread = false } = {}) {
    this.thread = thread;
    this.list = h('div.messages', { role: 'log', 'aria-live': 'polite', 'aria-label': thread ? t('thread') : t('messages') });
    this.jump = h('button.jump', { type: 'button', hidden: true, onclick: () => this.toEnd() }, icon('down2', 14), h('span'));
    this.scroller = h('div.scroller', { tabindex: '-1', onscroll: () => this.atEnd() && (this.jump.hidden = true) }, this.list);
    this.node = h('div.message-area', this.scroller, this.jump);
    // A picture or a growing block must not push the newest message out of sight.
    new ResizeObserver(() => this.stick && this.toEnd()).observe(this.list);
    this.scroller.addEventListener('scroll', () => { this.stick = this.atEnd(); });
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  toEnd() {
    this.stick = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** show draws the messages; opening jumps to the new-message line or the end. */
  show(messages, { opening = false, firstUnread = '', notices = [], empty = '' } = {}) {
    const stay = !opening && !this.atEnd();
    const known = this.newest;
    patchChildren(this.list, this.items(messages, notices, firstUnread, empty));
    this.newest = `${messages.at(-1)?.ts} ${notices.length}`;
    const mine = messages.at(-1)?.user === store.me;
    if (stay && !mine) {
      if (known !== this.newest) this.tellNew();
      return;
    }
    this.jump.hidden = true;
    this.toEnd();
    if (opening) this.list.querySelector('.new-mark')?.scrollIntoView({ block: 'center' });
  }

  tellNew() {
    this.jump.lastChild.textContent = t('toNewest');
    this.jump.hidden = false;
  }

  items(messages, notices, firstUnread, empty) {
    const rows = [
      ...messages.map((m) => ({ at: tsToMs(m.ts), m })),
      ...notices.map((n) => ({ at: n.at, n })),
    ].sort((a, b) => a.at - b.at);
    if (!rows.length && empty) return [{ key: 'empty', sig: empty, create: () => h('p.empty-list', empty) }];
    const out = [];
    let before = null;
    for (const row of rows) {
      const day = dayKey(row.at);
      if (!this.thread && day !== (before && dayKey(before.at))) out.push(divider(day, row.at));
      if (row.m && row.m.ts === firstUnread) out.push({ key: 'new', sig: t('newMark'), create: () => h('div.new-mark', { role: 'separator' }, t('newMark')) });
      out.push(row.m ? this.item(row.m, follows(row, before)) : noticeItem(row.n));
      before = row;
    }
    return out;
  }

  item(m, compact) {
    const create = () => {
      const node = h('article.message', { testid: 'message', data: { ts: m.ts } });
      node.surface = new Surface(container(m));
      node.content = h('div.content');
      draw(node, m, compact, this.thread);
      return node;
    };
    const update = (node) => {
      draw(node, m, compact, this.thread);
      return true;
    };
    const author = store.person(m.user);
    return { key: `${m.ts}${m.ephemeral ? 'e' : ''}`, sig: JSON.stringify([m, compact, author, document.documentElement.lang, dayKey(Date.now())]), create, update };
  }
}

const container = (m) => ({ type: 'message', channel: m.channel, ts: m.ts, thread_ts: m.thread_ts || '' });

function divider(day, at) {
  const label = dayLabel(at);
  return { key: `day-${day}`, sig: label, create: () => h('div.day', { role: 'separator' }, h('span', label)) };
}

function noticeItem(n) {
  return {
    key: n.key, sig: n.text,
    create: () => h('div.notice-row', { testid: 'notice', class: n.level }, icon(n.level === 'error' ? 'warn' : 'info', 16), h('span', n.text),
      h('small', icon('eye', 13), t('onlyYou'))),
  };
}

// follows tells whether a message continues the one above, without its own head.
function follows(row, before) {
  if (!before?.m || row.m.command || row.m.ephemeral !== before.m.ephemeral) return false;
  return row.m.user === before.m.user && row.at - before.at < TOGETHER && dayKey(row.at) === dayKey(before.at) && !before.m.reply_count;
}

function draw(node, m, compact, inThread) {
  const ms = tsToMs(m.ts);
  const user = store.person(m.user);
  const name = user?.real_name || user?.name || m.user || t('someone');
  node.className = `message${compact ? ' compact' : ''}${m.ephemeral ? ' ephemeral' : ''}${m.bot || user?.bot ? ' from-bot' : ''}`;
  const stamp = h('time', { title: fullTime(ms), datetime: new Date(ms).toISOString() }, timeOfDay(ms));
  const head = compact ? null : h('header', h('span.author', { title: user?.title || null }, name),
    m.bot || user?.bot ? h('span.app-badge', t('app')) : null, stamp);
  fill(node.content, m.ephemeral ? h('div.only-you', icon('eye', 13), t('onlyYou')) : null, command(m), head, body(node, m));
  fill(node, h('div.gutter', compact ? stamp : avatar(user ?? { id: m.user, bot: m.bot }, 36)), node.content);
  if (!m.ephemeral && m.subtype !== 'tombstone' && (m.bot || m.user === store.me)) node.append(deleteButton(m));
  if (inThread) return;
  if (m.reply_count) node.content.append(h('button.replies', { type: 'button', onclick: () => store.openThread(m.ts) }, icon('reply', 14), m.reply_count === 1 ? t('reply1') : t('replies', m.reply_count)));
  if (!m.ephemeral) node.append(h('button.reply', { type: 'button', title: t('replyInThread'), 'aria-label': t('replyInThread'), onclick: () => store.openThread(m.ts) }, icon('reply', 16)));
}

function deleteButton(m) {
  const ask = { title: { text: t('deleteMessage') }, text: { type: 'plain_text', text: t('deleteSure') }, confirm: { text: t('deleteMessage') }, style: 'danger' };
  const press = async () => {
    if (!await confirm(ask)) return;
    const answer = await api.remove(m.channel, m.ts).catch((err) => ({ ok: false, error: err.message }));
    if (answer.ok === false && answer.error) store.notice(answer.error);
  };
  return h('button.reply.delete', { type: 'button', testid: 'delete', title: t('deleteMessage'), 'aria-label': t('deleteMessage'), onclick: press }, icon('trash', 16));
}

// command is the line of a slash command whose answer everybody sees.
function command(m) {
  if (!m.command) return null;
  const by = store.users.get(m.command.user);
  // A command shown without an answer is the person's own message.
  const alone = m.user === m.command.user;
  return h('div.command', alone ? null : [h('b', by?.real_name || by?.name || t('someone')), ` ${t('used', '')}`], h('code', m.command.text));
}

// body keeps the node that holds the blocks, so that a changed message is patched.
function body(node, m) {
  const edited = m.edited ? h('span.edited', t('edited')) : null;
  const files = (m.files ?? []).map(fileCard);
  if (!m.blocks?.length) return [m.text || !files.length ? h('div.rich', mrkdwn(m.text), edited) : null, files];
  node.blocks ??= h('div.blocks');
  node.surface.draw(node.blocks, m.blocks);
  return [node.blocks, files, edited];
}

// fileCard is a file in a message: its name, its size and the way to it.
function fileCard(f) {
  if (f.deleted) return h('div.file.gone', { testid: 'file' }, icon('file'), t('fileDeleted'));
  return h('a.file', { testid: 'file', href: api.fileURL(f.id), download: f.name, title: t('download', f.name) },
    icon('file'), h('b', f.name), h('small', fileSize(f.size)));
}

/** notices of a channel, for the list. */
export const noticesIn = (channel) => store.notices.filter((n) => n.channel === channel);
