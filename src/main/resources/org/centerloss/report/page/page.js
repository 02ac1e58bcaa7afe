'use strict';
(() => {
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const holders = document.querySelectorAll('.chart');
  const HEIGHT = 220;

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // With a minus sign, not a hyphen.
  const signed = text => text.replaceAll('-', '\u2212');
  const count = value => signed(Math.round(value).toLocaleString('en-US'));
  const significant = value => {
    const size = Math.abs(value);
    if (size >= 10000) return count(value);
    return signed(size !== 0 && size < 1e-4 ? value.toExponential(2) : String(+value.toPrecision(5)));
  };
  const formats = {
    percent: value => (100 * value).toFixed(2) + ' %',
    points: value => signed((value > 0 ? '+' : '') + (100 * value).toFixed(2)) + ' points',
    count,
    number: significant,
  };
  // Shorter beside an axis than under the cursor.
  const hundredfold = value => signed(String(+(100 * value).toFixed(2)));
  const ticks = {percent: hundredfold, points: hundredfold, count, number: significant};

  /** How a legend draws what is dashed like that. */
  const lineStyle = dash => !dash?.length ? 'solid' : dash[0] < 5 ? 'dotted' : 'dashed';

  /** Room above and below the values, and around a single one. */
  function around(plot, low, high) {
    if (low === null) return [null, null];
    const room = (Math.abs(low) || 1) / 10;
    return low === high ? [low - room, high + room] : uPlot.rangeNum(low, high, 0.1, true);
  }

  function options(chart, holder) {
    const text = colour('--quiet');
    const grid = {stroke: colour('--line'), width: 1};
    const font = '12px system-ui, sans-serif';
    const axis = {stroke: text, grid, ticks: {show: false}, font, labelFont: font, labelSize: 20};
    // Away from a curve its last value is shown.
    const shown = (plot, series, index) =>
      index === null ? plot.data[series].findLast(v => v !== null) ?? null : plot.data[series][index];
    const decades = (plot, splits) => splits.map(v => Number.isInteger(Math.log10(v)) ? v : null);
    const toNearest = (plot, left, top) =>
      [left < 0 ? left : plot.valToPos(plot.data[0][plot.posToIdx(left)], 'x'), top];
    const single = chart.x.length === 1;
    return {
      width: holder.clientWidth,
      height: HEIGHT,
      cursor: {move: toNearest, drag: {x: false, y: false}, y: false, sync: {key: chart.axis}, points: {size: 7}},
      legend: {
        mount: (plot, table) => holder.append(table),
        markers: {width: 2, dash: (plot, series) => lineStyle(chart.series[series - 1]?.dash)},
      },
      scales: {
        x: {time: false, range: single ? [chart.x[0] - 1, chart.x[0] + 1] : undefined},
        y: chart.logarithmic ? {distr: 3} : {range: around},
      },
      axes: [
        {...axis, label: chart.axis.toLowerCase(), grid: {show: false}, size: 28, space: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5]},
        {...axis, label: chart.unit, size: 56, grid: chart.logarithmic ? {...grid, filter: decades} : grid, values: (plot, splits) => splits.map(v => v === null ? '' : ticks[chart.format](v))},
      ],
      series: [
        {label: chart.axis, value: (plot, _, series, index) => index === null ? 'last' : formats.count(shown(plot, series, index))},
        ...chart.series.map(series => ({
          label: series.name,
          stroke: colour(series.colour),
          width: 2,
          dash: series.dash,
          spanGaps: true,
          points: {show: chart.x.length <= 30, size: 5, fill: colour(series.colour)},
          value: (plot, _, at, index) => {
            const value = shown(plot, at, index);
            return value === null ? '–' : formats[chart.format](value);
          },
        })),
      ],
    };
  }

  function draw(chart, holder) {
    holder.replaceChildren();
    const data = [chart.x, ...chart.series.map(series => series.values)];
    const plot = new uPlot(options(chart, holder), data, (self, start) => {
      holder.append(self.root);
      start();
    });
    plot.setLegend({idx: null}, false);
    const follow = event => {
      const box = plot.over.getBoundingClientRect();
      const touch = event.touches[0];
      plot.setCursor({left: touch.clientX - box.left, top: touch.clientY - box.top});
    };
    plot.over.addEventListener('touchstart', follow, {passive: true});
    plot.over.addEventListener('touchmove', follow, {passive: true});
    return plot;
  }

  /** Left and right move the cursor to the neighbouring value. */
  function step(plot, event) {
    const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!by) return;
    event.preventDefault();
    const last = plot.data[0].length - 1;
    const from = plot.cursor.idx ?? (by > 0 ? -1 : last + 1);
    const index = Math.max(0, Math.min(last, from + by));
    plot.setCursor({left: plot.valToPos(plot.data[0][index], 'x'), top: 0});
  }

  document.querySelectorAll('.enlarge').forEach(button =>
    button.addEventListener('click', () => {
      const wide = button.closest('figure').classList.toggle('wide');
      button.setAttribute('aria-pressed', wide);
    }));

  const redraws = [];
  charts.forEach((chart, i) => {
    const holder = holders[i];
    let plot = draw(chart, holder);
    const again = () => {
      plot.destroy();
      plot = draw(chart, holder);
    };
    redraws.push(again);
    holder.addEventListener('keydown', event => step(plot, event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    let width = holder.clientWidth;
    new ResizeObserver(() => {
      if (holder.clientWidth !== width) {
        width = holder.clientWidth;
        plot.setSize({width, height: HEIGHT});
      }
    }).observe(holder);
  });

  // Paper is light.
  const print = on => () => {
    document.documentElement.classList.toggle('printing', on);
    redraws.forEach(redraw => redraw());
  };
  addEventListener('beforeprint', print(true));
  addEventListener('afterprint', print(false));

  document.querySelectorAll('.scroll').forEach(box => {
    const show = () => {
      const hidden = box.scrollWidth - box.clientWidth;
      box.classList.toggle('wider', hidden > 1);
      box.classList.toggle('before', hidden > 1 && box.scrollLeft > 1);
      box.classList.toggle('after', hidden > 1 && box.scrollLeft < hidden - 1);
    };
    box.addEventListener('scroll', show, {passive: true});
    new ResizeObserver(show).observe(box);
    new ResizeObserver(show).observe(box.firstElementChild);
  });
})();
