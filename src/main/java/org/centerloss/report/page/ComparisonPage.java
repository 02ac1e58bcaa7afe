package org.centerloss.report.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.centerloss.report.page.HtmlPage.Cell;
import org.centerloss.report.page.HtmlPage.Figure;
import org.centerloss.report.page.HtmlPage.Row;
import org.centerloss.report.page.HtmlPage.Section;
import org.centerloss.report.page.HtmlPage.Table;
import org.centerloss.report.theme.Numbers;

/** What a page about several runs says. */
final class ComparisonPage {
    private static final int MOST_SETTINGS_IN_A_NAME = 2;

    private final List<RunResults> runs;
    private final List<String> names;

    /** A row for each setting that differs, with a value for each run. */
    private final Map<String, List<String>> differences;

    private ComparisonPage(List<RunResults> runs) {
        this.runs = runs;
        List<Map<String, String>> settings =
                runs.stream().map(run -> flat(Settings.of(run.configuration().config()))).toList();
        differences = differences(settings);
        names = names(differences, runs.size());
    }

    /**
     * The page.
     *
     * @param figures for each run its pictures of the features
     */
    static HtmlPage of(List<RunResults> runs, List<List<Figure>> figures) {
        ComparisonPage page = new ComparisonPage(runs);
        List<Section> sections = new ArrayList<>();
        sections.add(Section.ofTables("results", "Results", null, List.of(page.results())));
        sections.add(
                Section.ofTables(
                        "settings", "Settings that differ", null, List.of(page.settings())));
        sections.add(
                Section.ofCharts(
                        "curves",
                        "Curves",
                        "Point at a curve, or touch it, to read the values there.",
                        Curves.of(runs, page.names)));
        sections.addAll(page.pictures(figures));
        return new HtmlPage(
                "centerloss report",
                "Comparison of %d runs".formatted(runs.size()),
                runs.stream()
                        .map(run -> RunPage.title(run.configuration().config()))
                        .distinct()
                        .collect(Collectors.joining(" · ")),
                sections);
    }

    /** A section for each picture, with those of all runs beside each other. */
    private List<Section> pictures(List<List<Figure>> figures) {
        Map<String, List<Figure>> byTitle = new LinkedHashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            for (Figure figure : figures.get(i)) {
                byTitle.computeIfAbsent(figure.title(), title -> new ArrayList<>())
                        .add(figure.beside(names.get(i)));
            }
        }
        List<Section> sections = new ArrayList<>();
        byTitle.forEach(
                (title, all) ->
                        sections.add(
                                Section.ofFigures(
                                        "picture-" + (sections.size() + 1),
                                        title,
                                        null,
                                        all,
                                        true)));
        return sections;
    }

    private Table results() {
        ToDoubleFunction<RunResults> best = run -> run.accuracy()[run.best()];
        ToDoubleFunction<RunResults> last = run -> run.accuracy()[run.epochCount() - 1];
        boolean sameImages =
                runs.stream().map(r -> r.configuration().config().data()).distinct().count() == 1;
        String part = Curves.accuracyOf(runs).toLowerCase(Locale.ROOT);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            RunResults run = runs.get(i);
            int at = run.best();
            rows.add(
                    new Row(
                            names.get(i),
                            run.path().toString(),
                            List.of(
                                    highest(run, best, sameImages),
                                    cell(byClassMeans(run)),
                                    cell("%.0f".formatted(run.epochs("epoch")[at])),
                                    cell(Numbers.percent(run.epochs("train_accuracy")[at])),
                                    cell(
                                            Numbers.format(
                                                    "%+.2f", 100 * run.epochs("accuracy_gap")[at])),
                                    cell(reference(run)),
                                    highest(run, last, sameImages),
                                    cell(
                                            Numbers.decimals(
                                                    run.epochs("loss")[run.epochCount() - 1])),
                                    cell(epochs(run)),
                                    cell(Numbers.count(run.epochs("images_per_second")[at])),
                                    cell(Numbers.duration(run.trainingSeconds()))),
                            false));
        }
        return new Table(
                "The best epoch of each run, and its last",
                List.of(
                        "Run",
                        "Best " + part,
                        "By means",
                        "in epoch",
                        "Training",
                        "Gap, points",
                        "Reference",
                        "Last " + part,
                        "Last loss",
                        "Epochs",
                        "Images/s",
                        "In steps"),
                rows,
                true);
    }

    /** A run's accuracy, marked where it is the highest of runs on the same images. */
    private Cell highest(
            RunResults run, ToDoubleFunction<RunResults> accuracy, boolean comparable) {
        double own = accuracy.applyAsDouble(run);
        double most = runs.stream().mapToDouble(accuracy).max().orElseThrow();
        return new Cell(Numbers.percent(own), comparable && own == most);
    }

    /** The test accuracy by the class means of all training images. */
    private static String byClassMeans(RunResults run) {
        return run.finalResult()
                .map(tested -> tested.test().classMeans())
                .map(Numbers::percent)
                .orElse("–");
    }

    private static String reference(RunResults run) {
        return ReferenceAccuracy.of(run.configuration().config())
                .map(line -> String.format(Locale.ROOT, "%.1f %%", 100 * line.accuracy()))
                .orElse("–");
    }

    private static String epochs(RunResults run) {
        return run.finished()
                ? String.valueOf(run.epochCount())
                : "%d of %d".formatted(run.epochCount(), run.configuration().config().epochs());
    }

    private Table settings() {
        Map<String, List<String>> rows = new LinkedHashMap<>(differences);
        rows.putAll(
                differences(
                        runs.stream()
                                .map(run -> environment(run.configuration().environment()))
                                .toList()));
        List<String> head = new ArrayList<>(List.of("Setting"));
        for (int i = 1; i <= runs.size(); i++) {
            head.add("Run " + i);
        }
        return new Table(
                rows.isEmpty() ? "None: the runs have the same settings" : "All others are equal",
                head,
                rows.entrySet().stream()
                        .map(e -> Row.of(e.getKey(), e.getValue().toArray(String[]::new)))
                        .toList(),
                false);
    }

    private static Map<String, String> environment(Map<String, String> environment) {
        Map<String, String> lasting = new LinkedHashMap<>();
        environment.forEach((name, value) -> lasting.put("Environment: " + name, value));
        lasting.remove("Environment: started");
        return lasting;
    }

    private static Map<String, String> flat(Map<String, Map<String, String>> groups) {
        Map<String, String> flat = new LinkedHashMap<>();
        groups.forEach(
                (group, settings) ->
                        settings.forEach((name, value) -> flat.put(group + ": " + name, value)));
        return flat;
    }

    private static Map<String, List<String>> differences(List<Map<String, String>> settings) {
        Map<String, List<String>> differences = new LinkedHashMap<>();
        for (Map<String, String> one : settings) {
            for (String name : one.keySet()) {
                List<String> values =
                        settings.stream().map(s -> s.getOrDefault(name, "none")).toList();
                if (new TreeSet<>(values).size() > 1) {
                    differences.put(name, values);
                }
            }
        }
        return differences;
    }

    /** Numbers from 1 up, with the first settings that tell the runs apart. */
    private static List<String> names(Map<String, List<String>> differences, int runs) {
        List<String> described = new ArrayList<>(Collections.nCopies(runs, ""));
        int settings = 0;
        for (Map.Entry<String, List<String>> setting : differences.entrySet()) {
            List<String> longer = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                longer.add(
                        "%s%s %s %s"
                                .formatted(
                                        described.get(i),
                                        settings == 0 ? ":" : ",",
                                        shortName(setting.getKey()),
                                        setting.getValue().get(i)));
            }
            boolean tellsApart = new TreeSet<>(longer).size() > new TreeSet<>(described).size();
            if (tellsApart && settings < MOST_SETTINGS_IN_A_NAME) {
                described = longer;
                settings++;
            }
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            names.add("Run %d%s".formatted(i + 1, described.get(i)));
        }
        return names;
    }

    private static String shortName(String setting) {
        return setting.substring(setting.indexOf(": ") + 2);
    }

    private static Cell cell(String text) {
        return new Cell(text, false);
    }
}
