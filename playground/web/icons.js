// The page's few pictures, as inline SVG strokes on a 20×20 grid.

const PATHS = {
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  close: 'M5 5l10 10M15 5L5 15',
  back: 'M12 4l-6 6 6 6',
  down: 'M5.5 8l4.5 4.5L14.5 8',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  hash: 'M8 3L6.5 17M13.5 3L12 17M3.5 7.5h13.5M3 12.5h13.5',
  lock: 'M5 9.5h10v7H5zM7 9.5V7a3 3 0 016 0v2.5',
  send: 'M3.5 10L16.5 4l-3.6 12.5-3-5z M9.9 11.5L16.5 4',
  clock: 'M10 2.8a7.2 7.2 0 100 14.4 7.2 7.2 0 000-14.4zM10 6v4.2l2.8 1.7',
  reply: 'M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5z',
  home: 'M3.5 9.5L10 4l6.5 5.5M5.5 8.5v7.5h9V8.5',
  eye: 'M2.5 10S5.2 5.2 10 5.2 17.5 10 17.5 10 14.8 14.8 10 14.8 2.5 10 2.5 10zM10 8a2 2 0 100 4 2 2 0 000-4z',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  info: 'M10 2.8a7.2 7.2 0 100 14.4 7.2 7.2 0 000-14.4zM10 9v5M10 6.3v.01',
  warn: 'M10 3l7.5 13.5h-15zM10 8v4.2M10 14.3v.01',
  reset: 'M4.5 10a5.5 5.5 0 105.5-5.5H6M8.5 2L6 4.5 8.5 7',
  next: 'M4 5l6 5-6 5zM10 5l6 5-6 5z',
  pencil: 'M4 16l.8-3.5L13 4.3l2.7 2.7-8.2 8.2zM11.5 5.8l2.7 2.7',
  pin: 'M10 17.5s5.5-5 5.5-9a5.5 5.5 0 00-11 0c0 4 5.5 9 5.5 9zM10 6.5a2 2 0 100 4 2 2 0 000-4z',
  bell: 'M5 14V9a5 5 0 0110 0v5l1.5 1.5h-13zM8.5 17.5h3',
  chart: 'M3.5 16.5h13M5.5 14v-3M10 14V5M14.5 14V8',
  calendar: 'M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3M13 3v3',
  clip: 'M14.5 9l-5.2 5.2a3 3 0 01-4.3-4.3L11 4a2 2 0 012.9 2.9l-6 6a1 1 0 01-1.4-1.4L11.7 6.3',
  file: 'M5.5 2.5h6l4 4v11h-10zM11.5 2.5v4h4',
  bolt: 'M11 2.5L4.5 11.5H10l-1 6 6.5-9H10z',
  trash: 'M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 8.5v5M11.5 8.5v5',
  spark: 'M10 3l1.6 5.4L17 10l-5.4 1.6L10 17l-1.6-5.4L3 10l5.4-1.6z',
  down2: 'M10 4v12M5 11l5 5 5-5',
};

/** icon draws one of the names above; it is decoration, hidden from readers. */
export function icon(name, size = 18) {
  const NS = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(NS, 'svg');
  for (const [k, v] of Object.entries({ viewBox: '0 0 20 20', width: size, height: size, class: 'icon', 'aria-hidden': 'true' })) {
    svg.setAttribute(k, v);
  }
  const path = document.createElementNS(NS, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
