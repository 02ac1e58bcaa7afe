package org.centerloss.cli.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import org.centerloss.data.Part;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.Evaluation;
import org.centerloss.loss.Objectives;
import org.centerloss.train.EpochResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTableTest {
    private static EpochResult result(double loss, double... terms) {
        return result(98_765, loss, terms);
    }

    private static EpochResult result(double rate, double loss, double[] terms) {
        Embeddings one = new Embeddings(1, new float[] {1}, new int[] {0}, new int[] {0});
        Evaluation evaluation = Evaluation.of(one, new double[][] {{1}});
        return new EpochResult(
                100,
                46_800,
                0.00008,
                loss,
                terms,
                one,
                Part.TEST,
                one,
                evaluation,
                null,
                null,
                null,
                rate,
                true);
    }

    @Test
    void aRateThatIsNotKnownIsADash() {
        String line =
                table(100, Objectives.STANDALONE)
                        .line(result(Double.NaN, 1, new double[] {1, 1}), Duration.ofSeconds(5));
        assertTrue(line.contains("  –   0:05"), line);
    }

    private static TrainingTable table(int width, Objectives loss) {
        return new TrainingTable(
                width, loss.create(Objectives.Settings.DEFAULT).terms(), Part.TEST);
    }

    @ParameterizedTest
    @EnumSource
    void theTableOfEveryLossFitsATerminalOf80Columns(Objectives loss) {
        TrainingTable table = table(80, loss);
        int terms = loss.create(Objectives.Settings.DEFAULT).terms().size();
        double[] values = new double[terms];
        Arrays.fill(values, 277.58812);
        String line = table.line(result(-25.54331, values), Duration.ofMinutes(99));
        assertTrue(table.head().length() <= 80, table.head());
        assertTrue(line.length() <= 80, line);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.2345e10, 9.9e20, -7.7e300, 1e-30, -123456.789})
    void columnsOfAnyNumberStandApart(double value) {
        String narrow = table(80, Objectives.RAW).line(result(value, value, -value), Duration.ZERO);
        String wide = table(200, Objectives.RAW).line(result(value, value, -value), Duration.ZERO);
        assertEquals(10, narrow.strip().split(" {2,}").length, narrow);
        assertEquals(11, wide.strip().split(" {2,}").length, wide);
    }

    @Test
    void aWideTerminalShowsTheGapToo() {
        assertEquals(
                "epoch       lr      loss    intra    inter  train %  test %     gap  img/s   time",
                table(100, Objectives.STANDALONE).head());
        assertEquals(
                "  100  8.0e-05  -25.5433   2.2156  277.588   100.00  100.00   +0.00  98765  12:05"
                        + "  best",
                table(100, Objectives.STANDALONE)
                        .line(result(-25.54331, 2.21561, 277.58812), Duration.ofSeconds(725)));
    }
}
