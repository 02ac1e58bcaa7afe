package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.cli.TinyRun;
import org.centerloss.report.page.RunResults;
import org.centerloss.train.Threshold;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told of runs that keep validation images, and of those that do not. */
class ValidationCommandTest {
    @TempDir private Path folder;

    private TinyRun.Result train(String... more) {
        Path images = folder.resolve("images");
        for (String name : List.of("dark", "light")) {
            for (int i = 0; i < 10; i++) {
                int level = name.equals("dark") ? 10 + i : 200 + i;
                TinyRun.image(images.resolve(name).resolve(i + ".png"), 12, i, level);
            }
        }
        List<String> args = new ArrayList<>(List.of("train", "--device", "cpu", "--epochs", "2"));
        args.addAll(List.of("--dataset", images.toString(), "--batch-size", "4"));
        args.addAll(List.of(more));
        TinyRun.Result result = TinyRun.run(args);
        assertEquals(0, result.code(), result.err());
        return result;
    }

    @Test
    void aRunSaysWhichImagesChoose() throws IOException {
        Path run = folder.resolve("run");
        TinyRun.Result plain = train("--out", run.toString());
        assertTrue(plain.out().contains("the test images also choose"), plain.out());
        assertTrue(plain.out().contains("\nbest test accuracy "), plain.out());
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("chosen by the same images, as in the reference"));

        Path kept = folder.resolve("kept");
        TinyRun.Result validated = train("--out", kept.toString(), "--validation-fraction", "0.25");
        assertTrue(validated.out().contains("the validation images choose"), validated.out());
        assertTrue(validated.out().contains("\nbest validation accuracy "), validated.out());
        assertTrue(validated.out().contains("\nits test accuracy: "), validated.out());
        page = Files.readString(kept.resolve("report.html"));
        assertTrue(page.contains("Best validation accuracy"));
        assertTrue(page.contains("measured once, when the run finishes"));
        assertFalse(page.contains("Best test accuracy"));
        RunResults results = RunResults.read(kept);
        double own = results.finalResult().orElseThrow().test().trainedCenters();
        assertEquals(own, results.testAccuracy().orElseThrow());
    }

    @Test
    void theThresholdIsCalibratedOnTheValidationImages() {
        Path run = folder.resolve("run");
        train("--out", run.toString(), "--validation-fraction", "0.25", "--no-report");
        TinyRun.Result result = TinyRun.run("evaluate", run.toString(), "--device", "cpu");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("test images, on cpu: accuracy"), result.out());
        Threshold threshold = Threshold.read(Threshold.file(run));
        assertEquals("images, validation images", threshold.images());
        assertTrue(threshold.correct() <= 4, "of 4 validation images");
    }

    @Test
    void aSweepIsRankedByValidationAccuracyAndShowsTheTestBesideIt() throws IOException {
        Path out = folder.resolve("sweep");
        String[] more = {
            "--out",
            out.toString(),
            "--no-report",
            "--validation-fraction",
            "0.25",
            "--sweep",
            "lr=0.01,0.000001"
        };
        train(more);
        List<String> lines = Files.readAllLines(out.resolve("summary.csv"));
        assertTrue(lines.get(0).startsWith("lr,validation_accuracy,test_accuracy,"), lines.get(0));
        double first = Double.parseDouble(lines.get(1).split(",")[1]);
        double second = Double.parseDouble(lines.get(2).split(",")[1]);
        assertTrue(first >= second, lines.toString());
        for (String line : lines.subList(1, 3)) {
            String[] cells = line.split(",");
            RunResults run = RunResults.read(out.resolve("lr=" + cells[0]));
            assertEquals(run.accuracy()[run.best()], Double.parseDouble(cells[1]));
            assertEquals(run.testAccuracy().orElseThrow(), Double.parseDouble(cells[2]));
        }
    }
}
