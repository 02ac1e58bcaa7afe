package org.centerloss.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.centerloss.data.Part;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.report.page.HtmlPage.Cell;
import org.centerloss.report.page.HtmlPage.Fact;
import org.centerloss.report.page.HtmlPage.Figure;
import org.centerloss.report.page.HtmlPage.Row;
import org.centerloss.report.page.HtmlPage.Section;
import org.centerloss.report.page.HtmlPage.Table;
import org.centerloss.report.theme.Numbers;
import org.centerloss.train.Accuracies;
import org.centerloss.train.TrainingConfig;

/** What a page about one run says. */
final class RunPage {
    private final RunResults run;
    private final TrainingConfig config;
    private final List<Objective.Term> terms;
    private final int best;

    private RunPage(RunResults run) {
        this.run = run;
        config = run.configuration().config();
        terms = config.objective().terms();
        best = run.best();
    }

    /**
     * The page.
     *
     * @param features the pictures of its features
     * @param others its other pictures
     * @param leftOut what is not among them and why
     */
    static HtmlPage of(
            RunResults run, List<Figure> features, List<Figure> others, List<String> leftOut) {
        RunPage page = new RunPage(run);
        List<Section> sections = new ArrayList<>();
        sections.add(Section.ofFacts("summary", "Summary", page.summary()));
        if (!features.isEmpty()) {
            sections.add(Section.ofFigures("features", "Features", null, features, false));
        }
        sections.add(
                Section.ofCharts(
                        "curves",
                        "Curves",
                        "Point at a curve, or touch it, to read the values there.",
                        Curves.of(run)));
        String note = leftOut.isEmpty() ? null : "Left out: " + String.join("; ", leftOut);
        sections.add(Section.ofFigures("pictures", "Pictures", note, others, false));
        sections.add(Section.ofTables("classes", "Classes", null, List.of(page.classes())));
        sections.add(Section.ofTables("epochs", "Epochs", null, List.of(page.epochs())));
        sections.add(Section.ofTables("settings", "Settings", null, page.settings()));
        sections.add(
                Section.ofTables(
                        "environment",
                        "Environment",
                        null,
                        List.of(table("What computed", run.configuration().environment()))));
        return new HtmlPage("centerloss run", title(page.config), page.lead(), sections);
    }

    /** Data set, loss and number of features. */
    static String title(TrainingConfig config) {
        int features = config.network().features();
        return "%s, %s, %d feature%s"
                .formatted(
                        config.data().dataset(),
                        config.loss().objective(),
                        features,
                        features == 1 ? "" : "s");
    }

    private String lead() {
        return "%s · %s%s"
                .formatted(
                        run.path(),
                        Objectives.of(config.loss().objective()).summary(),
                        run.finished()
                                ? ""
                                : " · not finished: %d of %d epochs so far"
                                        .formatted(run.epochCount(), config.epochs()));
    }

    private List<Fact> summary() {
        List<Fact> facts = new ArrayList<>();
        facts.add(
                new Fact(
                        "Best %s accuracy".formatted(run.part().adjective()),
                        Numbers.percent(run.accuracy()[best]),
                        "in epoch %d of %d%s"
                                .formatted(
                                        epoch(best),
                                        run.epochCount(),
                                        run.part() == Part.TEST
                                                ? ", chosen by the same images, as in the reference"
                                                : ""),
                        true));
        if (run.part() == Part.VALIDATION) {
            facts.add(
                    fact(
                            "Test accuracy",
                            run.testAccuracy().map(Numbers::percent).orElse("–"),
                            "of that epoch; measured once, when the run finishes"));
        }
        run.finalResult().ifPresent(tested -> facts.add(byClassMeans(tested.test())));
        run.testAccuracy().ifPresent(accuracy -> facts.add(reference(accuracy)));
        facts.add(
                fact(
                        "Gap to training",
                        Numbers.points(at("accuracy_gap", best)),
                        Numbers.percent(at("train_accuracy", best)) + " on training images"));
        facts.add(
                fact(
                        "Loss",
                        Numbers.decimals(at("loss", best)),
                        terms.stream()
                                .map(t -> t.name() + " " + Numbers.decimals(at(t.name(), best)))
                                .collect(Collectors.joining(", "))));
        facts.add(
                fact(
                        "Speed",
                        Numbers.count(at("images_per_second", best)) + " images/s",
                        Numbers.duration(run.trainingSeconds()) + " in training steps"));
        Map<String, String> environment = run.configuration().environment();
        facts.add(
                fact(
                        "Device",
                        environment.getOrDefault("device", "unknown"),
                        Stream.of("device_description", "cpu")
                                .map(environment::get)
                                .filter(Objects::nonNull)
                                .collect(Collectors.joining("; "))));
        return facts;
    }

    private static Fact byClassMeans(Accuracies test) {
        boolean logits = test.largestLogit() != null;
        return fact(
                "By class means",
                Numbers.percent(test.classMeans()),
                "on the test images, the means being of all training images; %s by the %s"
                        .formatted(
                                Numbers.percent(
                                        logits ? test.largestLogit() : test.trainedCenters()),
                                logits ? "largest logit" : "trained centers"));
    }

    private Fact reference(double accuracy) {
        Optional<ReferenceAccuracy> line = ReferenceAccuracy.of(config);
        if (line.isEmpty()) {
            return fact("The reference's accuracy", "–", "its table has no such setting");
        }
        double theirs = line.get().accuracy();
        List<String> differences = new ArrayList<>(line.get().differences(config));
        if (run.epochCount() < config.epochs()) {
            differences.add("%d of its %d epochs".formatted(run.epochCount(), config.epochs()));
        }
        return fact(
                "The reference's accuracy",
                String.format(Locale.ROOT, "%.1f %%", 100 * theirs),
                "this run: %s%s"
                        .formatted(
                                Numbers.points(accuracy - theirs),
                                differences.isEmpty()
                                        ? ", same settings"
                                        : ", with " + String.join(", ", differences)));
    }

    private Table classes() {
        List<Row> rows =
                ClassResult.read(run.path(), epoch(best)).stream()
                        .map(
                                c ->
                                        Row.of(
                                                c.name(),
                                                Numbers.percent(c.accuracy()),
                                                Numbers.decimals(c.intraMean()),
                                                "± " + Numbers.decimals(c.intraDeviation())))
                        .toList();
        return new Table(
                "The %s of each class in epoch %d, with their distance to the center of their class"
                        .formatted(run.images(), epoch(best)),
                List.of("Class", "Accuracy", "Mean distance", "Deviation"),
                rows,
                true);
    }

    private Table epochs() {
        List<String> head = new ArrayList<>(List.of("Epoch", "Learning rate", "Loss"));
        terms.forEach(term -> head.add(term.name()));
        head.addAll(List.of("Training", Curves.accuracyOf(List.of(run))));
        run.otherAccuracy().ifPresent(column -> head.add(otherAccuracy()));
        head.addAll(List.of("Gap, points", "Images/s"));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < run.epochCount(); i++) {
            List<Cell> cells = new ArrayList<>();
            cells.add(cell(Numbers.format("%.2g", at("learning_rate", i))));
            cells.add(cell(Numbers.decimals(at("loss", i))));
            for (Objective.Term term : terms) {
                cells.add(cell(Numbers.decimals(at(term.name(), i))));
            }
            cells.add(cell(Numbers.percent(at("train_accuracy", i))));
            cells.add(cell(Numbers.percent(run.accuracy()[i])));
            if (run.otherAccuracy().isPresent()) {
                cells.add(cell(Numbers.percent(at(run.otherAccuracy().get(), i))));
            }
            cells.add(cell(Numbers.format("%+.2f", 100 * at("accuracy_gap", i))));
            cells.add(cell(Numbers.count(at("images_per_second", i))));
            rows.add(new Row(String.valueOf(epoch(i)), null, cells, i == best));
        }
        return new Table("The best epoch is marked; terms are without weights", head, rows, true);
    }

    private String otherAccuracy() {
        return Curves.accuracyOf(List.of(run)) + ", by " + config.otherCenters().text();
    }

    private List<Table> settings() {
        return Settings.of(config).entrySet().stream()
                .map(group -> table(group.getKey(), group.getValue()))
                .toList();
    }

    private static Table table(String caption, Map<String, String> values) {
        List<Row> rows =
                values.entrySet().stream()
                        .map(e -> Row.of(e.getKey().replace('_', ' '), e.getValue()))
                        .toList();
        return new Table(caption, List.of(), rows, false);
    }

    private double at(String column, int index) {
        return run.epochs(column)[index];
    }

    private int epoch(int index) {
        return (int) at("epoch", index);
    }

    private static Fact fact(String name, String value, String note) {
        return new Fact(name, value, note, false);
    }

    private static Cell cell(String text) {
        return new Cell(text, false);
    }
}
