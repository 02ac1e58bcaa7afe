package org.centerloss.report.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.centerloss.data.Part;
import org.centerloss.loss.Objective;
import org.centerloss.report.theme.Chart;
import org.centerloss.report.theme.Chart.Format;
import org.centerloss.report.theme.Chart.Series;
import org.centerloss.report.theme.Numbers;

/** The charts of one run, and those that lay several runs over each other. */
public final class Curves {
    /** Readings of the loss in a chart; more would make the page large and show no more. */
    private static final int MOST_READINGS = 2000;

    private static final String ACCURACY = "accuracy, %";
    private static final String GAP = "points of percent";
    private static final String LOSS = "loss";
    private static final String RATE = "learning rate";
    private static final String SPEED = "images per second";

    private Curves() {}

    /** The charts of one run. */
    static List<Chart> of(RunResults run) {
        List<Chart> charts = new ArrayList<>();
        double[] epochs = run.epochs("epoch");
        charts.add(
                new Chart(
                        "Accuracy",
                        null,
                        "Epoch",
                        ACCURACY,
                        Format.percent,
                        false,
                        epochs,
                        accuracies(run)));
        charts.add(
                byEpoch(
                        run,
                        "Gap: training minus %s accuracy".formatted(run.part().adjective()),
                        "accuracy_gap",
                        "Gap",
                        GAP,
                        Format.points));
        charts.add(readings(run));
        for (Objective.Term term : run.configuration().config().objective().terms()) {
            charts.add(
                    byEpoch(
                            run,
                            "Loss term %s, times %s in the loss"
                                    .formatted(term.name(), Numbers.format("%s", term.weight())),
                            term.name(),
                            term.name(),
                            term.name(),
                            Format.number));
        }
        charts.add(
                new Chart(
                        "Learning rate",
                        null,
                        "Epoch",
                        RATE,
                        Format.number,
                        true,
                        epochs,
                        List.of(Series.leading("Rate", run.epochs("learning_rate")))));
        charts.add(byEpoch(run, "Speed", "images_per_second", "Images/s", SPEED, Format.count));
        return charts;
    }

    private static List<Series> accuracies(RunResults run) {
        List<Series> series = new ArrayList<>();
        String part = accuracyOf(List.of(run));
        series.add(Series.leading(part, run.accuracy()));
        String others = run.configuration().config().otherCenters().text();
        run.otherAccuracy()
                .ifPresent(
                        column ->
                                series.add(
                                        Series.beside(
                                                part + ", by " + others, run.epochs(column))));
        series.add(Series.second("Training", run.epochs("train_accuracy")));
        return series;
    }

    private static Chart byEpoch(
            RunResults run,
            String heading,
            String column,
            String name,
            String unit,
            Format format) {
        return new Chart(
                heading,
                null,
                "Epoch",
                unit,
                format,
                false,
                run.epochs("epoch"),
                List.of(Series.leading(name, run.epochs(column))));
    }

    /** The loss within the epochs, or by epochs where the run was too short for a reading. */
    private static Chart readings(RunResults run) {
        String heading = "Loss, the weighted sum of its terms";
        double[] steps = run.steps().get("step");
        double[] losses = run.steps().get("loss");
        if (steps.length == 0) {
            return byEpoch(run, heading, "loss", "Loss", LOSS, Format.number);
        }
        int stride = Math.max(1, (steps.length + MOST_READINGS - 1) / MOST_READINGS);
        return new Chart(
                heading,
                stride == 1 ? null : "Every %d-th reading.".formatted(stride),
                "Step",
                LOSS,
                Format.number,
                false,
                every(stride, steps),
                List.of(Series.leading("Loss", every(stride, losses))));
    }

    private static double[] every(int stride, double[] values) {
        double[] kept = new double[(values.length + stride - 1) / stride];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = values[i * stride];
        }
        return kept;
    }

    /**
     * The charts of several runs.
     *
     * @param names what the runs are called, in their order
     */
    static List<Chart> of(List<RunResults> runs, List<String> names) {
        return List.of(
                overlaid(
                        runs,
                        names,
                        accuracyOf(runs) + " accuracy",
                        RunResults::accuracy,
                        ACCURACY,
                        Format.percent,
                        false),
                overlaid(
                        runs,
                        names,
                        "Training accuracy",
                        run -> run.epochs("train_accuracy"),
                        ACCURACY,
                        Format.percent,
                        false),
                overlaid(
                        runs,
                        names,
                        "Gap: training minus %s accuracy"
                                .formatted(accuracyOf(runs).toLowerCase(Locale.ROOT)),
                        run -> run.epochs("accuracy_gap"),
                        GAP,
                        Format.points,
                        false),
                overlaid(
                        runs, names, "Loss", run -> run.epochs("loss"), LOSS, Format.number, false),
                overlaid(
                        runs,
                        names,
                        "Learning rate",
                        run -> run.epochs("learning_rate"),
                        RATE,
                        Format.number,
                        true),
                overlaid(
                        runs,
                        names,
                        "Speed",
                        run -> run.epochs("images_per_second"),
                        SPEED,
                        Format.count,
                        false));
    }

    /** What the accuracy of runs is measured on. */
    static String accuracyOf(List<RunResults> runs) {
        Set<Part> parts = runs.stream().map(RunResults::part).collect(Collectors.toSet());
        return parts.size() > 1
                ? "Test or validation"
                : parts.contains(Part.VALIDATION) ? "Validation" : "Test";
    }

    private static Chart overlaid(
            List<RunResults> runs,
            List<String> names,
            String heading,
            Function<RunResults, double[]> values,
            String unit,
            Format format,
            boolean logarithmic) {
        double[] epochs =
                runs.stream()
                        .flatMapToDouble(run -> Arrays.stream(run.epochs("epoch")))
                        .distinct()
                        .sorted()
                        .toArray();
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            double[] all = new double[epochs.length];
            Arrays.fill(all, Double.NaN);
            double[] own = runs.get(i).epochs("epoch");
            for (int k = 0; k < own.length; k++) {
                all[Arrays.binarySearch(epochs, own[k])] = values.apply(runs.get(i))[k];
            }
            series.add(Series.ofRun(i, names.get(i), all));
        }
        return new Chart(heading, null, "Epoch", unit, format, logarithmic, epochs, series);
    }
}
