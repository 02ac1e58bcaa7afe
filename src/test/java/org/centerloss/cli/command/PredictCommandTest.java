package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.centerloss.cli.TinyRun;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PredictCommandTest extends PredictedImages {

    @ParameterizedTest
    @EnumSource(CenterKind.class)
    void distancesAreThoseBetweenTheFeaturesAndTheChosenCenters(CenterKind kind)
            throws IOException {
        Path embedded = folder.resolve("embedded.csv");
        assertEquals(0, command("embed", run, tiny.images(), "--out", embedded).code());
        List<String> features = Files.readAllLines(embedded);
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(run));
        double[][] centers =
                kind == CenterKind.TRAINED
                        ? ClassCenters.parameter(checkpoint)
                        : ClassMeans.kept(run, checkpoint).orElseThrow().means();
        List<String[]> rows = rows(run, tiny.images(), "--centers", kind);
        if (kind == CenterKind.MEANS) {
            List<String[]> usual = rows(run, tiny.images());
            assertArrayEquals(rows.toArray(), usual.toArray());
        }
        assertEquals(12, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            String[] cells = features.get(i + 1).split(",");
            double[] distances = new double[2];
            for (int c = 0; c < 2; c++) {
                double sum = 0;
                for (int k = 0; k < 3; k++) {
                    sum += Math.pow((double) Float.parseFloat(cells[3 + k]) - centers[c][k], 2);
                }
                distances[c] = Math.sqrt(sum);
            }
            int nearest = distances[0] <= distances[1] ? 0 : 1;
            String[] row = rows.get(i);
            assertEquals(cells[0], row[0]);
            assertEquals(CLASSES.get(nearest), row[1]);
            assertEquals(distances[nearest], Double.parseDouble(row[2]), 1e-12);
            assertEquals(
                    distances[1 - nearest] - distances[nearest], Double.parseDouble(row[3]), 1e-12);
            assertEquals(CLASSES.get(1 - nearest), row[4]);
            assertEquals("", row[5] + row[6], "no threshold, no error");
        }
    }

    @Test
    void aModelWithoutCentersHasDistancesWhereClassMeansAreKept() throws IOException {
        TinyRun.Result kept = command("predict", softmax, tiny.images(), "--threshold", 1e9);
        assertEquals("", kept.err());
        assertFalse(kept.out().contains("–"), kept.out());
        Path file = RunDirectory.best(softmax);
        TinyRun.Result none = command("predict", file, tiny.images(), "--threshold", 0);
        assertEquals(0, none.code(), none.err());
        assertEquals(
                "centerloss: note: this loss has no centers, so there are no distances before"
                        + " 'centerloss evaluate RUN'",
                none.err().strip());
        assertTrue(none.out().contains("–"), none.out());
    }

    @Test
    void withoutClassMeansTheTrainedCentersServeAndANoteSaysHowToGetThem() throws IOException {
        Path own = tiny.train("center-spread");
        Files.delete(ClassMeans.file(own));
        TinyRun.Result result = command("predict", own, tiny.images(), "--threshold", 1e9);
        assertEquals(0, result.code(), result.err());
        assertEquals(
                "centerloss: note: by the trained centers, as no class means are kept before"
                        + " 'centerloss evaluate %s'".formatted(own),
                result.err().strip());
        assertEquals(
                result.out(),
                command("predict", own, tiny.images(), "--centers", "trained", "--threshold", 1e9)
                        .out());
    }

    @Test
    void anUnreadableImageHasALineAndTheOthersGoOn() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        Path good = TinyRun.image(folder.resolve("good.png"), 12, 2, 250);
        TinyRun.Result result = command("predict", run, text, good, "gone.png", "--threshold", 1e9);
        assertEquals(1, result.code());
        List<String> lines = result.out().lines().toList();
        assertEquals(4, lines.size(), result.out());
        assertTrue(lines.get(1).matches(text + " +not an image of a supported format.*"));
        assertTrue(lines.get(2).matches(good + " +(dark|light) +[0-9.]+ +[0-9.]+ +(dark|light)"));
        assertTrue(lines.get(3).matches("gone.png +cannot be read: no such file or folder"));
        assertEquals("centerloss: 2 of 3 images could not be read", result.err().strip());
    }

    @Test
    void wrongInputIsRefusedInOneLine() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path images = tiny.images();
        assertRefused(1, "/no/such/run: no such file", "/no/such/run", images);
        assertRefused(1, empty + ": expected images (", run, empty);
        assertRefused(2, "Missing required parameter: 'IMAGE|FOLDER'", run);
        assertRefused(2, "--threshold: expected 0 or more", run, images, "--threshold", "-1");
        assertRefused(2, "--threshold: expected 0 or more", run, images, "--threshold", "NaN");
        assertRefused(
                1,
                "--threshold: expected a distance, or a file that evaluate --threshold-file wrote, found many",
                run,
                images,
                "--threshold",
                "many");
        assertRefused(
                1, "expected a file in a folder", run, images, "--csv", empty + "/no/such.csv");
    }
}
