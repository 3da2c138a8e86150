/** Lets the reader walk through the chart, second by second, with the arrow keys of a slider or by pointing. */
export const SCRIPT = `
const data = JSON.parse(document.getElementById('data').textContent);
const slider = document.getElementById('moment');
const output = document.getElementById('at');
const cursor = document.getElementById('cursor');
const chart = document.getElementById('timeline');
const clock = (second) => Math.floor(second / 60) + ':' + String(second % 60).padStart(2, '0');
function show() {
  const second = Number(slider.value);
  const values = (series) => series.filter((one) => one.values[second] > 0)
    .map((one) => one.values[second] + ' ' + one.name).join(', ') || 'none';
  const x = data.frame.left + data.frame.width * (second + 0.5 - data.frame.from) / Math.max(1, data.frame.to - data.frame.from);
  cursor.setAttribute('x1', x);
  cursor.setAttribute('x2', x);
  const text = 'At ' + clock(second) + ', requests: ' + values(data.answers) + '; tasks: ' + values(data.tasks) + '.';
  output.textContent = text;
  slider.setAttribute('aria-valuetext', text);
}
slider.addEventListener('input', show);
chart.addEventListener('pointermove', (event) => {
  const box = chart.getBoundingClientRect();
  const x = (event.clientX - box.left) * data.width / box.width;
  const second = Math.floor(data.frame.from + (x - data.frame.left) * (data.frame.to - data.frame.from) / data.frame.width);
  slider.value = String(Math.max(Number(slider.min), Math.min(Number(slider.max), second)));
  show();
});
show();
`;
