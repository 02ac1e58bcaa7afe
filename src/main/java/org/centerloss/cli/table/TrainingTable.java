package org.centerloss.cli.table;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.centerloss.base.Columns;
import org.centerloss.base.Columns.Column;
import org.centerloss.data.Part;
import org.centerloss.loss.Objective;
import org.centerloss.train.EpochResult;

/**
 * The table of a training: a line for each epoch. The gap goes first where the terminal is narrow,
 * since it follows from the accuracies.
 */
public final class TrainingTable {
    private static final List<String> SPARE = List.of("gap", "img/s", "time");
    private static final int DECIMALS = 4;
    private static final int LOSS_WIDTH = 8;
    private static final int TERM_WIDTH = 7;

    private final Columns columns;

    /**
     * @param width of the terminal, in characters
     * @param terms of the loss
     * @param chosenBy what the epochs are evaluated on
     */
    public TrainingTable(int width, List<Objective.Term> terms, Part chosenBy) {
        List<Column> all = new ArrayList<>();
        all.add(Column.number("epoch", 5));
        all.add(Column.number("lr", 7));
        all.add(Column.number("loss", LOSS_WIDTH));
        terms.forEach(term -> all.add(Column.number(term.name(), TERM_WIDTH)));
        all.add(Column.number("train %", 6));
        all.add(Column.number(chosenBy == Part.TEST ? "test %" : "val %", 6));
        all.add(Column.number("gap", 6));
        all.add(Column.number("img/s", 5));
        all.add(Column.number("time", 5));
        all.add(Column.name("", 4));
        columns = Columns.fitting(width, all, SPARE);
    }

    public String head() {
        return columns.head();
    }

    /**
     * @param elapsed since the run began or went on
     */
    public String line(EpochResult result, Duration elapsed) {
        List<String> cells = new ArrayList<>();
        cells.add(String.valueOf(result.epoch()));
        cells.add(text("%.2g", result.learningRate()));
        cells.add(Columns.number(result.loss(), DECIMALS, LOSS_WIDTH));
        for (double term : result.terms()) {
            cells.add(Columns.number(term, DECIMALS, TERM_WIDTH));
        }
        cells.add(text("%.2f", 100 * result.trainAccuracy()));
        cells.add(text("%.2f", 100 * result.evaluation().accuracy()));
        cells.add(text("%+.2f", 100 * result.accuracyGap()));
        double rate = result.imagesPerSecond();
        cells.add(Double.isNaN(rate) ? "–" : text("%.0f", rate));
        cells.add("%d:%02d".formatted(elapsed.toMinutes(), elapsed.toSecondsPart()));
        cells.add(result.best() ? "best" : "");
        return columns.line(cells);
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
