package org.centerloss.cli.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.centerloss.experiment.Result;
import org.centerloss.experiment.Result.State;
import org.centerloss.experiment.ResultTable;
import org.centerloss.report.page.TextTable;

/**
 * The runs of a sweep: those that finished, from the highest accuracy, on the images that the runs
 * choose by, to the lowest, then the others.
 *
 * @param options the names of what was swept
 */
public record SweepTable(List<String> options) implements ResultTable {
    private static final Comparator<Result> BEST_FIRST =
            Comparator.comparing((Result result) -> result.state() != State.FINISHED)
                    .thenComparing(result -> -result.accuracy().orElse(-1.0));

    @Override
    public String file() {
        return "summary";
    }

    @Override
    public TextTable shown(List<Result> results) {
        boolean validated = validated(results);
        return table(
                options,
                joined(
                        validated ? List.of("validation accuracy") : List.of(),
                        List.of("test accuracy", "best epoch", "gap", "state", "run directory")),
                bestFirst(results),
                result ->
                        joined(
                                validated ? List.of(shown(result.validationAccuracy())) : List.of(),
                                List.of(
                                        shown(result.testAccuracy()),
                                        best(result, "epoch", SweepTable::whole),
                                        best(result, "accuracy_gap", gap -> percent("%+.2f", gap)),
                                        result.state().toString(),
                                        result.member().folder().toString())));
    }

    /** Whether any of the runs chooses by validation images. */
    private static boolean validated(List<Result> results) {
        return results.stream().anyMatch(result -> result.validationAccuracy().isPresent());
    }

    static String shown(Optional<Double> share) {
        return share.map(value -> percent("%.2f %%", value)).orElse(TextTable.NONE);
    }

    @Override
    public List<String> spare() {
        return List.of("run directory", "gap", "best epoch");
    }

    @Override
    public TextTable values(List<Result> results) {
        boolean validated = validated(results);
        return table(
                options,
                joined(
                        validated ? List.of("validation_accuracy") : List.of(),
                        List.of(
                                "test_accuracy",
                                "best_epoch",
                                "accuracy_gap",
                                "state",
                                "run_directory")),
                bestFirst(results),
                result ->
                        joined(
                                validated ? List.of(value(result.validationAccuracy())) : List.of(),
                                List.of(
                                        value(result.testAccuracy()),
                                        result.best("epoch").map(SweepTable::whole).orElse(""),
                                        value(result.best("accuracy_gap")),
                                        result.state().toString(),
                                        result.member().folder().toString())));
    }

    private static List<Result> bestFirst(List<Result> results) {
        return results.stream().sorted(BEST_FIRST).toList();
    }

    /** A row for each result: what sets its run apart, under {@code names}, then its cells. */
    static TextTable table(
            List<String> names,
            List<String> columns,
            List<Result> results,
            Function<Result, List<String>> cells) {
        List<List<String>> rows = new ArrayList<>();
        for (Result result : results) {
            rows.add(joined(result.member().settings().values(), cells.apply(result)));
        }
        return new TextTable(joined(names, columns), rows);
    }

    private static List<String> joined(Collection<String> first, Collection<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    static String best(Result result, String column, Function<Double, String> format) {
        return result.best(column).map(format).orElse(TextTable.NONE);
    }

    static String value(Optional<Double> number) {
        return number.map(String::valueOf).orElse("");
    }

    static String whole(double number) {
        return String.valueOf(Math.round(number));
    }

    static String percent(String format, double share) {
        return String.format(Locale.ROOT, format, 100 * share);
    }

    @Override
    public List<String> notes(List<Result> results) {
        return List.of(
                validated(results)
                        ? "accuracies, gap (training less validation accuracy, in points): of the"
                                + " best epoch, which the validation accuracy chooses"
                        : "test accuracy, gap (training less test accuracy, in points): of the best epoch,"
                                + " which the test accuracy chooses");
    }
}
