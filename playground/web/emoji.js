// :shortcodes: for the emoji an office uses. Slack draws emoji as pictures, so
// the coloured signals are drawn here too and look alike on every machine.
import { h } from './dom.js';
import { icon } from './icons.js';

const EMOJI = {
  white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', warning: '⚠️', no_entry: '⛔', bulb: '💡', bell: '🔔',
  memo: '📝', pencil: '✏️', pencil2: '✏️', clipboard: '📋', page_facing_up: '📄', file_folder: '📁', bar_chart: '📊',
  chart_with_upwards_trend: '📈', chart_with_downwards_trend: '📉', calendar: '📅', date: '📅', spiral_calendar_pad: '🗓️',
  hourglass: '⌛', hourglass_flowing_sand: '⏳', alarm_clock: '⏰', stopwatch: '⏱️', rocket: '🚀', tada: '🎉', trophy: '🏆',
  medal: '🏅', first_place_medal: '🥇', second_place_medal: '🥈', third_place_medal: '🥉', star: '⭐', sparkles: '✨',
  fire: '🔥', eyes: '👀', wave: '👋', '+1': '👍', thumbsup: '👍', '-1': '👎', thumbsdown: '👎', clap: '👏', pray: '🙏',
  muscle: '💪', raised_hands: '🙌', ok_hand: '👌', point_right: '👉', point_left: '👈', point_up: '☝️', point_down: '👇',
  smile: '😄', slightly_smiling_face: '🙂', thinking_face: '🤔', cry: '😢', heart: '❤️', mag: '🔍', link: '🔗', lock: '🔒',
  unlock: '🔓', key: '🔑', gear: '⚙️', hammer_and_wrench: '🛠️', construction: '🚧', building_construction: '🏗️',
  factory: '🏭', office: '🏢', classical_building: '🏛️', house: '🏠', moneybag: '💰', yen: '💴', dart: '🎯', pushpin: '📌',
  round_pushpin: '📍', triangular_flag_on_post: '🚩', inbox_tray: '📥', outbox_tray: '📤', envelope: '✉️', email: '📧',
  speech_balloon: '💬', loudspeaker: '📢', mega: '📣', question: '❓', grey_question: '❔', exclamation: '❗',
  information_source: 'ℹ️', arrow_up: '⬆️', arrow_down: '⬇️', arrow_right: '➡️', arrow_left: '⬅️',
  arrow_upper_right: '↗️', arrow_lower_right: '↘️', leftwards_arrow_with_hook: '↩️', arrows_counterclockwise: '🔄',
  repeat: '🔁', new: '🆕', ok: '🆗', sos: '🆘', '100': '💯', robot_face: '🤖', bust_in_silhouette: '👤',
  busts_in_silhouette: '👥', handshake: '🤝', seedling: '🌱', sunny: '☀️', snowflake: '❄️', zzz: '💤',
  red_circle: '🔴', large_orange_circle: '🟠', large_yellow_circle: '🟡', large_green_circle: '🟢', large_blue_circle: '🔵',
  large_purple_circle: '🟣', white_circle: '⚪', black_circle: '⚫', large_red_square: '🟥', large_orange_square: '🟧',
  large_yellow_square: '🟨', large_green_square: '🟩', large_blue_square: '🟦', white_large_square: '⬜', black_large_square: '⬛',
};

const SIGNALS = {
  '🔴': 'dot red', '🟠': 'dot orange', '🟡': 'dot yellow', '🟢': 'dot green', '🔵': 'dot blue', '🟣': 'dot purple',
  '⚪': 'dot white', '⚫': 'dot black', '🟥': 'square red', '🟧': 'square orange', '🟨': 'square yellow',
  '🟩': 'square green', '🟦': 'square blue', '⬜': 'square white', '⬛': 'square black',
};
const PICTURES = {
  '✅': ['check', 'green'], '❌': ['close', 'red'], '⚠️': ['warn', 'orange'], '⏳': ['clock', 'blue'], '⏰': ['clock', 'blue'],
  '📝': ['pencil', 'blue'], '✏️': ['pencil', 'blue'], '📌': ['pin', 'red'], '📍': ['pin', 'red'], '🔔': ['bell', 'orange'],
  '📈': ['chart', 'green'], '📊': ['chart', 'blue'], '📅': ['calendar', 'blue'],
};
const DRAWN = new RegExp(`(${[...Object.keys(SIGNALS), ...Object.keys(PICTURES)].join('|')})`, 'u');

/** emoji is the node for a shortcode, or null when it is not one of ours. */
export function emoji(name) {
  const char = Object.hasOwn(EMOJI, name) ? EMOJI[name] : null;
  return char && glyph(char);
}

function glyph(char) {
  if (PICTURES[char]) {
    const [name, colour] = PICTURES[char];
    return h('span.emoji.picture', { class: colour, role: 'img', 'aria-label': char }, icon(name, 16));
  }
  const signal = SIGNALS[char];
  return h('span', { class: signal ? `emoji ${signal}` : 'emoji' }, char);
}

/** signals turns plain text into nodes in which the coloured signals are drawn. */
export function signals(text) {
  return text.split(DRAWN).filter(Boolean).map((part) => (SIGNALS[part] || PICTURES[part] ? glyph(part) : document.createTextNode(part)));
}

/** withEmoji is plain text with its :shortcodes: as emoji. */
export function withEmoji(text) {
  return text.split(/:([a-z0-9_+-]+):/).flatMap((part, i) => (i % 2 ? [emoji(part) ?? `:${part}:`] : signals(part)));
}
