package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.centerloss.cli.TinyRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that {@code embed} cannot take as they are, and what it says of them. */
class EmbedInputTest {
    @TempDir private static Path shared;
    private static TinyRun tiny;
    private static Path run;

    @TempDir private Path folder;

    @BeforeAll
    static void trainOnce() {
        tiny = new TinyRun(shared);
        run = tiny.train("standalone");
    }

    private TinyRun.Result embed(Object... more) {
        List<String> args = new ArrayList<>(List.of("embed", "--device", "cpu"));
        Stream.of(more).map(Object::toString).forEach(args::add);
        return TinyRun.run(args.toArray(String[]::new));
    }

    private static double[] features(String line) {
        return Stream.of(line.split(",")).skip(3).mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void imagesOfAnotherSizeAreResizedWithANote() throws IOException {
        Path large = TinyRun.image(folder.resolve("large.png"), 24, 3, 200);
        TinyRun.Result result = embed(run, large, "--out", folder.resolve("a.csv"));
        assertEquals(0, result.code(), result.err());
        assertEquals(
                "centerloss: note: 1 of 1 images were resized to 12×12 pixels, as the model was"
                        + " trained",
                result.err().strip());
    }

    private void assertRefused(int code, String expected, Object... args) throws IOException {
        TinyRun.Result result = embed(args);
        assertEquals(code, result.code(), result.err());
        List<String> lines = result.err().lines().toList();
        assertEquals(code == 2 ? 2 : 1, lines.size(), result.err());
        assertTrue(lines.get(0).startsWith("centerloss: "), lines.get(0));
        assertTrue(lines.get(0).contains(expected), lines.get(0));
        assertFalse(Files.exists(folder.resolve("x.csv")));
    }

    @Test
    void brokenImagesAreMarkedOrLeftOutAndNamedInAnyCase() throws IOException {
        Path good = TinyRun.image(folder.resolve("photos/dark/sub/good.png"), 12, 1, 9);
        Path text = Files.writeString(folder.resolve("photos/text.png"), "no picture");
        Path missing = folder.resolve("missing.png");
        Path csv = folder.resolve("marked.csv");
        Path npy = folder.resolve("marked.npy");
        TinyRun.Result marked =
                embed(run, folder.resolve("photos"), missing, "--out", csv, "--out", npy);
        assertEquals(1, marked.code(), marked.err());
        List<String> err = marked.err().lines().toList();
        assertEquals(3, err.size(), marked.err());
        assertTrue(err.get(0).startsWith("centerloss: note: " + text + ": not an image"));
        assertTrue(err.get(1).startsWith("centerloss: note: " + missing + ": cannot be read"));
        assertEquals("centerloss: 2 of 3 images could not be read", err.get(2));
        List<String> lines = Files.readAllLines(csv);
        assertEquals(4, lines.size());
        assertTrue(lines.get(1).startsWith(good + ",dark,"), lines.get(1));
        assertTrue(lines.get(2).startsWith(text + ",,,,,,\"not an image of a"), lines.get(2));
        assertTrue(lines.get(3).startsWith(missing + ",,,,,,cannot be read: "), lines.get(3));
        byte[] features = Files.readAllBytes(npy);
        ByteBuffer values =
                ByteBuffer.wrap(features, features.length - 36, 36).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 9; i++) {
            assertEquals(i >= 3, Float.isNaN(values.getFloat()), "feature " + i);
        }
        TinyRun.Result skipped =
                embed(run, folder.resolve("photos"), missing, "--out", csv, "--skip-broken");
        assertEquals(0, skipped.code(), skipped.err());
        assertTrue(skipped.err().contains("2 of 3 images cannot be read and are left out"));
        assertEquals(lines.subList(0, 2), Files.readAllLines(csv));
        TinyRun.Result none = embed(run, text, "--out", folder.resolve("none.csv"));
        assertEquals(1, none.code());
        assertTrue(none.err().contains("found none among 1 files"), none.err());
        assertFalse(Files.exists(folder.resolve("none.csv")));
    }

    @Test
    void wrongInputIsRefusedInOneLine() throws IOException {
        Path out = folder.resolve("x.csv");
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertRefused(1, "/no/such/run: no such file", "/no/such/run", "--out", out);
        assertRefused(1, "best.safetensors", empty, "--out", out);
        assertRefused(1, empty + ": expected images (", run, empty, "--out", out);
        assertRefused(
                1,
                "expected images of 12×12 pixels",
                run,
                "--dataset",
                "fashion-mini",
                "--out",
                out);
        assertRefused(1, "expected a file in a folder that exists", run, "--out", "/no/such/x.csv");
        assertRefused(1, "expected a file in a folder that exists", run, "--out", out + "/x.csv");
        assertRefused(
                2,
                "--out: expected a name that ends in one of .csv, .npy, .parquet, found x.txt",
                run,
                "--out",
                "x.txt");
        assertRefused(
                2,
                "--layout list: expected an --out that ends in .parquet, found " + out,
                run,
                "--layout",
                "list",
                "--out",
                out);
        assertRefused(2, "Missing required option: '--out=FILE'", run);
        assertRefused(2, "--split", run, "--split", "both", "--out", out);
        assertRefused(
                2,
                "--split: expected a data set to embed, found image files beside it",
                run,
                tiny.images(),
                "--split",
                "train",
                "--out",
                out);
    }

    @Test
    void aDataSetOfOtherClassesAloneIsRefused() throws IOException {
        Path others = folder.resolve("others");
        for (String name : List.of("cold", "warm")) {
            TinyRun.image(others.resolve(name).resolve("a.png"), 12, 1, 9);
            TinyRun.image(others.resolve(name).resolve("b.png"), 12, 1, 9);
        }
        assertRefused(
                1,
                "expected images of the classes dark, light, as it was trained on; found cold, warm",
                run,
                "--dataset",
                others,
                "--out",
                folder.resolve("x.csv"));
    }
}
