package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.cli.TinyRun;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of batches that do not go with the data, and of data that teach nothing. */
class BatchTest {
    private static final String ONE_CLASS = "all training images are of one class, ";
    private static final String EQUAL = "training images are equal";

    @TempDir private Path folder;
    private Path run;

    private TinyRun.Result train(Path images, String... more) {
        run = folder.resolve("run" + more.length);
        List<String> args = new ArrayList<>(List.of("train", "--device", "cpu", "--no-report"));
        args.addAll(List.of("--dataset", images.toString(), "--out", run.toString()));
        args.addAll(List.of("--max-steps", "4"));
        args.addAll(List.of(more));
        return TinyRun.run(args);
    }

    private Path tiny() {
        return new TinyRun(folder).makeImages();
    }

    private int batch() {
        return RunDirectory.readConfig(run).config().optimization().batchSize();
    }

    @Test
    void theDefaultShrinksToTheDataAndSaysSo() throws IOException {
        TinyRun.Result result = train(tiny());
        assertEquals(0, result.code(), result.err());
        int images = batch();
        assertTrue(images >= 2 && images <= 12, "training images: " + images);
        assertTrue(
                result.err()
                        .contains(
                                "centerloss: note: --batch-size is %d, not 128: there are no more"
                                        .formatted(images)),
                result.err());
        assertFalse(result.out().contains("left over"), result.out());
        Path first = run;
        TinyRun.Result again = train(tiny(), "--config", first.resolve("config.json").toString());
        assertEquals(0, again.code(), again.err());
        assertEquals(images, batch());
        assertArrayEquals(
                Files.readAllBytes(RunDirectory.last(first)),
                Files.readAllBytes(RunDirectory.last(run)));
    }

    @Test
    void aBatchThatWasAskedForDoesNotShrink() {
        TinyRun.Result result = train(tiny(), "--batch-size", "128");
        assertEquals(1, result.code());
        assertTrue(
                result.complaint().contains("--batch-size: expected at most the "), result.err());
        assertFalse(Files.exists(run));
    }

    @Test
    void imagesThatNoBatchTakesAreCountedOnce() {
        Path six = images("six", 10, 20, 30, 40, 50, 60);
        TinyRun.Result result = train(six, "--batch-size", "4");
        assertEquals(0, result.code(), result.err());
        String line = "2 of 6 images are left over in each epoch";
        assertEquals(1, result.out().lines().filter(line::equals).count(), result.out());
        result = train(six, "--batch-size", "3", "--sync");
        assertEquals(0, result.code(), result.err());
        assertFalse(result.out().contains("left over"), result.out());
    }

    /** A copy of a training image is no test image, so these have another bright pixel. */
    private static int place(String part) {
        return part.equals("train") ? 0 : 5;
    }

    private Path images(String name, int... levels) {
        for (int i = 0; i < levels.length; i++) {
            for (String part : List.of("train", "test")) {
                Path classes = folder.resolve(name).resolve(part);
                TinyRun.image(
                        classes.resolve("c" + i % 2).resolve(i + ".png"),
                        12,
                        place(part),
                        levels[i]);
            }
        }
        return folder.resolve(name);
    }

    @Test
    void imagesThatAreAllEqualAreRemarkedUpon() {
        TinyRun.Result equal = train(images("equal", 9, 9, 9, 9));
        assertEquals(0, equal.code(), equal.err());
        assertTrue(equal.err().contains("all 4 " + EQUAL), equal.err());
        assertFalse(equal.err().contains(ONE_CLASS), equal.err());
        TinyRun.Result different = train(images("different", 9, 9, 9, 8), "--seed", "1");
        assertEquals(0, different.code(), different.err());
        assertFalse(different.err().contains(EQUAL), different.err());
    }

    @Test
    void aSingleClassIsRemarkedUpon() {
        for (String part : List.of("train", "test")) {
            for (int i = 0; i < 4; i++) {
                Path only = folder.resolve("single").resolve(part).resolve("only");
                TinyRun.image(only.resolve(i + ".png"), 12, place(part), 20 + i);
            }
        }
        TinyRun.Result single = train(folder.resolve("single"));
        assertEquals(0, single.code(), single.err());
        assertTrue(single.err().contains(ONE_CLASS + "only"), single.err());
        assertFalse(single.err().contains(EQUAL), single.err());
    }
}
