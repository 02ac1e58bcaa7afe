package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.cli.Main;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages on the real command line: where they go, and what is said where there can be none. */
class ReportCommandTest {
    @TempDir private static Path shared;
    private static Path trained;

    @TempDir private Path folder;
    private Path run;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void train() throws IOException {
        trained = shared.resolve("run");
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        String images = NoiseImages.write(shared.resolve("images"), 12, 12).toString();
        String[] args = {
            "train",
            "--device",
            "cpu",
            "--dataset",
            images,
            "--batch-size",
            "4",
            "--epochs",
            "1",
            "--no-report",
            "--out",
            trained.toString()
        };
        assertEquals(0, Main.run(nowhere, nowhere, args));
    }

    @BeforeEach
    void copyTheRun() throws IOException {
        run = folder.resolve("run");
        List<Path> all;
        try (var files = Files.walk(trained)) {
            all = files.toList();
        }
        for (Path file : all) {
            Files.copy(file, run.resolve(trained.relativize(file)));
        }
    }

    private int main(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private void assertRefused(String expected, String... args) {
        assertEquals(1, main(args), err.toString());
        assertEquals("centerloss: " + expected + "\n", err.toString());
    }

    @Test
    void aRunTrainedWithoutAReportGetsItLater() {
        assertFalse(Files.exists(run.resolve("report.html")));
        assertFalse(Files.exists(run.resolve("pictures")));
        assertEquals(0, main("report", run.toString()), err.toString());
        assertEquals("report: " + run.resolve("report.html") + "\n", out.toString());
        assertEquals("", err.toString());
        assertTrue(Files.exists(run.resolve("report.html")));
        assertTrue(Files.exists(run.resolve("pictures").resolve("features.png")));
    }

    @Test
    void trainingEndsByNamingTheReportAndThePicturesOfTheFeatures() throws IOException {
        assertEquals(
                0,
                main("train", "--device", "cpu", "--resume", run.toString(), "--epochs", "2"),
                err.toString());
        List<String> lines = out.toString().lines().toList();
        assertEquals(
                "report: " + run.resolve("report.html"), lines.get(lines.size() - 1), "last line");
        assertTrue(
                lines.contains("plot: " + run.resolve("pictures").resolve("features.png")),
                out.toString());
        assertTrue(Files.readString(run.resolve("report.html")).contains("in epoch"));
    }

    @Test
    void severalRunsGiveOnePage() throws IOException {
        Path page = folder.resolve("both.html");
        assertEquals(
                0,
                main("report", run.toString(), trained.toString(), "--out", page.toString()),
                err.toString());
        assertTrue(Files.readString(page).contains("Comparison of 2 runs"));
        assertFalse(Files.exists(run.resolve("report.html")), "runs are only read");
    }

    @Test
    void aReportThatFailsDoesNotFailTheTraining() throws IOException {
        Path page = run.resolve("report.html");
        Files.createDirectories(page.resolve("in the way"));
        assertEquals(
                0,
                main("train", "--device", "cpu", "--resume", run.toString(), "--epochs", "2"),
                err.toString());
        List<String> notes = err.toString().lines().filter(line -> line.contains("note:")).toList();
        assertEquals(1, notes.size(), err.toString());
        assertTrue(
                notes.get(0).startsWith("centerloss: note: no report: " + page + ": cannot be"),
                notes.get(0));
        assertTrue(out.toString().contains("run directory: " + run), out.toString());
        assertEquals(3, Files.readAllLines(run.resolve("metrics.csv")).size());
    }

    @Test
    void whatIsNoRunIsRefused() {
        assertEquals(2, main("report"));
        assertTrue(
                err.toString().startsWith("centerloss: Missing required parameter"), err::toString);
        err.getBuffer().setLength(0);
        assertRefused(
                folder + ": expected a run directory, found no config.json in it",
                "report",
                folder.toString());
    }

    @Test
    void aRunWithoutAFinishedEpochIsRefused() throws IOException {
        Path metrics = run.resolve("metrics.csv");
        Files.write(metrics, Files.readAllLines(metrics).subList(0, 1));
        assertRefused(
                run + ": expected at least one finished epoch, found none in metrics.csv",
                "report",
                run.toString(),
                trained.toString());
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        Path classes = run.resolve("classes.csv");
        Files.writeString(
                classes,
                Files.readString(classes)
                        .replaceFirst("accuracy,loud,,[0-9.]+", "accuracy,loud,,x"));
        assertRefused(
                classes + ": line 2, column value: expected 0 or more, or NaN, found 'x'",
                "report",
                run.toString());
        err.getBuffer().setLength(0);
        Files.delete(classes);
        assertRefused(
                classes + ": expected a file of the run, found none", "report", run.toString());
    }

    @Test
    void whereThePageCannotGoIsSaid() {
        Path page = folder.resolve("none").resolve("page.html");
        assertEquals(1, main("report", run.toString(), "--out", page.toString()));
        assertTrue(
                err.toString()
                        .startsWith("centerloss: " + page + ": expected a file in a folder that"),
                err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void withoutFontsThePageHasNoPicturesAndSaysWhy() throws IOException, InterruptedException {
        Path configuration = folder.resolve("fonts.conf");
        Files.writeString(configuration, "<fontconfig><dir>" + folder + "</dir></fontconfig>");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Java remembers what fonts it has found.
        command.add("-Duser.home=" + folder);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "report", run.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FONTCONFIG_FILE", configuration.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        Assumptions.assumeTrue(said.contains("note:"), "this Java brings fonts of its own");
        assertTrue(
                said.startsWith("centerloss: note: pictures need fonts, and Java finds none ("),
                said);
        assertEquals(2, said.lines().count(), said);
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("Left out: pictures need fonts"));
        assertFalse(page.contains("<img"));
    }
}
