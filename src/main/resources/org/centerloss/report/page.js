'use strict';
(() => {
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const holders = document.querySelectorAll('.chart');
  const HEIGHT = 220;

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const significant = value => {
    const size = Math.abs(value);
    if (size >= 10000) return Math.round(value).toLocaleString('en-US');
    return size !== 0 && size < 1e-4 ? value.toExponential(2) : String(+value.toPrecision(5));
  };
  const formats = {
    percent: value => (100 * value).toFixed(2) + ' %',
    points: value => (value > 0 ? '+' : '') + (100 * value).toFixed(2) + ' points',
    count: value => Math.round(value).toLocaleString('en-US'),
    number: significant,
  };
  // Shorter beside an axis than under the cursor.
  const ticks = {
    percent: value => +(100 * value).toFixed(2) + ' %',
    points: value => +(100 * value).toFixed(2),
    count: formats.count,
    number: significant,
  };

  function options(chart, holder) {
    const text = colour('--quiet');
    const grid = {stroke: colour('--line'), width: 1};
    const axis = {stroke: text, grid, ticks: {show: false}, font: '12px system-ui, sans-serif'};
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
      legend: {mount: (plot, table) => holder.append(table), markers: {width: 2}},
      scales: {
        x: {time: false, range: single ? [chart.x[0] - 1, chart.x[0] + 1] : undefined},
        y: {distr: chart.logarithmic ? 3 : 1},
      },
      axes: [
        {...axis, grid: {show: false}, size: 32, space: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5]},
        {...axis, size: 64, grid: chart.logarithmic ? {...grid, filter: decades} : grid, values: (plot, splits) => splits.map(v => v === null ? '' : ticks[chart.format](v))},
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

  charts.forEach((chart, i) => {
    const holder = holders[i];
    let plot = draw(chart, holder);
    const again = () => {
      plot.destroy();
      plot = draw(chart, holder);
    };
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
})();
