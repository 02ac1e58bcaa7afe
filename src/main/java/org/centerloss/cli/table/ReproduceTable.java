package org.centerloss.cli.table;

import static org.centerloss.cli.table.SweepTable.best;
import static org.centerloss.cli.table.SweepTable.percent;
import static org.centerloss.cli.table.SweepTable.table;
import static org.centerloss.cli.table.SweepTable.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.centerloss.experiment.Result;
import org.centerloss.experiment.ResultTable;
import org.centerloss.report.page.ReferenceAccuracy;
import org.centerloss.report.page.TextTable;

/** Test accuracies beside the reference implementation's, in the order of its table. */
public final class ReproduceTable implements ResultTable {
    @Override
    public String file() {
        return "table";
    }

    @Override
    public TextTable shown(List<Result> results) {
        return table(
                List.of("data set", "features", "loss"),
                List.of("ours", "best epoch", "epochs", "reference", "difference", "state"),
                results,
                result ->
                        List.of(
                                SweepTable.shown(result.testAccuracy()),
                                best(result, "epoch", SweepTable::whole),
                                trained(result).map(String::valueOf).orElse(TextTable.NONE),
                                percent("%.1f %%", reference(result)),
                                difference(result)
                                        .map(d -> percent("%+.2f", d))
                                        .orElse(TextTable.NONE),
                                result.state().toString()));
    }

    @Override
    public List<String> spare() {
        return List.of("best epoch", "epochs");
    }

    @Override
    public TextTable values(List<Result> results) {
        return table(
                List.of("dataset", "feat_dim", "loss"),
                List.of(
                        "test_accuracy",
                        "best_epoch",
                        "epochs",
                        "reference_accuracy",
                        "difference",
                        "state",
                        "run_directory"),
                results,
                result ->
                        List.of(
                                value(result.testAccuracy()),
                                result.best("epoch").map(SweepTable::whole).orElse(""),
                                trained(result).map(String::valueOf).orElse(""),
                                String.valueOf(reference(result)),
                                value(difference(result)),
                                result.state().toString(),
                                result.member().folder().toString()));
    }

    private static double reference(Result result) {
        return ReferenceAccuracy.of(result.member().training().checked()).orElseThrow().accuracy();
    }

    private static Optional<Double> difference(Result result) {
        return result.testAccuracy().map(accuracy -> accuracy - reference(result));
    }

    private static Optional<Integer> trained(Result result) {
        return result.results().map(run -> run.epochCount());
    }

    @Override
    public List<String> notes(List<Result> results) {
        List<String> notes = new ArrayList<>();
        notes.add(
                "ours: test accuracy of the best epoch; difference: ours less the reference's, in"
                        + " points");
        boolean shorter =
                results.stream()
                        .flatMap(result -> trained(result).stream())
                        .anyMatch(epochs -> epochs < ReferenceAccuracy.EPOCHS);
        if (shorter) {
            notes.add(
                    "The reference trained for %d epochs: rows with fewer are not comparable with it."
                            .formatted(ReferenceAccuracy.EPOCHS));
        }
        return notes;
    }
}
