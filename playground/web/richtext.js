// The rich_text block: sections, lists, quotes and preformatted text made of
// styled pieces. Nothing in it is parsed, so it is safe for what people typed.
import { h } from './dom.js';
import { emoji, signals } from './emoji.js';
import { broadcast, link, mentionChannel, mentionUser } from './mrkdwn.js';
import { slackDate } from './time.js';

const STYLES = { bold: 'strong', italic: 'em', strike: 's', underline: 'u' };

const PIECES = {
  text: (p) => (p.style?.code ? h('code', p.text) : signals(p.text ?? '')),
  link: (p) => link(p.url ?? '', p.text),
  user: (p) => mentionUser(p.user_id),
  channel: (p) => mentionChannel(p.channel_id),
  usergroup: (p) => h('span.mention', `@${p.usergroup_id}`),
  broadcast: (p) => broadcast(p.range),
  emoji: (p) => emoji(p.name) ?? `:${p.name}:`,
  date: (p) => {
    const text = slackDate(Number(p.timestamp), p.format ?? '') ?? p.fallback ?? '';
    return p.url ? link(p.url, text) : h('time', text);
  },
  color: (p) => h('code', h('span.swatch', { style: { background: p.value } }), p.value),
};

/** pieces draws the inline elements of a section. */
export function pieces(elements) {
  return (elements ?? []).map((p) => {
    let node = PIECES[p.type]?.(p) ?? p.text ?? '';
    for (const [style, tag] of Object.entries(STYLES)) if (p.style?.[style]) node = h(tag, node);
    return node;
  });
}

const PARTS = {
  rich_text_section: (e) => h('p', pieces(e.elements)),
  rich_text_quote: (e) => h('blockquote', pieces(e.elements)),
  rich_text_preformatted: (e) => h('pre', (e.elements ?? []).map((p) => p.text ?? p.url ?? '')),
  rich_text_list: list,
};

const MARKERS = { ordered: ['decimal', 'lower-alpha', 'lower-roman'], bullet: ['disc', 'circle', 'square'] };

function list(e) {
  const ordered = e.style === 'ordered';
  const indent = e.indent ?? 0;
  return h(ordered ? 'ol' : 'ul', {
    class: e.border ? 'bordered' : '',
    start: ordered ? (e.offset ?? 0) + 1 : null,
    style: { marginLeft: `${indent * 1.6}em`, listStyleType: MARKERS[ordered ? 'ordered' : 'bullet'][indent % 3] },
  }, (e.elements ?? []).map((item) => h('li', pieces(item.elements))));
}

/** richText draws the whole block's elements. */
export function richText(block) {
  return (block.elements ?? []).map((e) => PARTS[e.type]?.(e) ?? h('p', e.type));
}
