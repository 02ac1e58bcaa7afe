package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a locale with digits of its own, everything has the digits that programs read. */
class LocaleTest {
    /** Any digit may stand there by chance. */
    private static final List<String> BINARY =
            List.of(".png", ".gif", ".onnx", ".safetensors", "tfevents");

    @TempDir private Path folder;
    private final Locale before = Locale.getDefault();

    @BeforeEach
    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    /** Runs a command in a locale; what it prints is checked. */
    private void run(String locale, String... arguments) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        TinyRun.Result result = TinyRun.run(arguments);
        assertEquals(0, result.code(), result.err());
        assertPlain("output of " + arguments[0], result.out() + result.err());
    }

    private static void assertPlain(String what, String text) {
        text.codePoints()
                .filter(c -> Character.isDigit(c) && c > '9')
                .findFirst()
                .ifPresent(c -> assertEquals("ASCII digits", Character.getName(c), what));
    }

    private void assertPlainNamesAndContents() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.forEach(LocaleTest::assertPlain);
        }
    }

    private static void assertPlain(Path file) {
        assertPlain("name of " + file, file.toString());
        if (Files.isDirectory(file) || BINARY.stream().anyMatch(file.toString()::contains)) {
            return;
        }
        try {
            assertPlain(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void train(String locale, String... more) {
        Locale foreign = Locale.forLanguageTag(locale);
        assertNotEquals(
                "16 I", String.format(foreign, "%d %S", 16, "i"), "it shows in this locale");
        List<String> arguments = new ArrayList<>(List.of("train", "--device", "cpu"));
        arguments.addAll(List.of("--dataset", new TinyRun(folder).makeImages().toString()));
        arguments.addAll(List.of("--feat-dim", "2", "--batch-size", "4", "--max-steps", "2"));
        arguments.addAll(List.of("--out", folder.resolve("run").toString()));
        arguments.addAll(List.of(more));
        run(locale, arguments.toArray(String[]::new));
    }

    /** And the letters of Turkish, where the capital of i is not I. */
    @ParameterizedTest
    @ValueSource(strings = {"fa", "mr", "bn", "tr"})
    void aRun(String locale) throws IOException {
        train(locale, "--no-report", "--center-update", "wen");
        assertPlainNamesAndContents();
    }

    @Test
    void aRunWithItsReportAndAllThatIsMadeOfIt() throws IOException {
        String locale = "ar-EG";
        train(locale);
        String run = folder.resolve("run").toString();
        String images = folder.resolve("images").toString();
        Path model = folder.resolve("model.onnx");
        Path plain = folder.resolve("plain.onnx");
        run("en", "export", run, "--out", plain.toString());
        run(locale, "export", run, "--out", model.toString());
        assertEquals(-1, Files.mismatch(plain, model));
        for (String end :
                List.of("--json " + folder.resolve("figures.json"), "--split train --no-metrics")) {
            run(locale, ("evaluate " + run + " --device cpu " + end).split(" "));
        }
        String csv = folder.resolve("predictions.csv").toString();
        run(locale, "predict", run, images, "--device", "cpu", "--csv", csv);
        String table = folder.resolve("features.csv").toString();
        run(locale, "embed", run, images, "--device", "cpu", "--out", table);
        run(locale, "devices");
        assertPlainNamesAndContents();
    }

    @Test
    void aBenchmark() throws IOException {
        String json = folder.resolve("kernels.json").toString();
        String csv = folder.resolve("kernels.csv").toString();
        run(
                "ar-EG",
                ("bench kernels --op center-loss --batch 16 --feat-dim 2 --classes 3"
                                + " --processes 1 --device cpu --csv "
                                + csv
                                + " --json "
                                + json)
                        .split(" "));
        assertPlainNamesAndContents();
    }
}
