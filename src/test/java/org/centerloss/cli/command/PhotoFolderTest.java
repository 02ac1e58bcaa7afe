package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.cli.TinyRun;
import org.centerloss.data.Part;
import org.centerloss.data.folder.DataFile;
import org.centerloss.data.folder.PhotoFolder;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of images as people have them, through every command. */
class PhotoFolderTest {
    @TempDir private static Path folder;
    private static Path photos;
    private static Path run;
    private static TinyRun.Result training;

    @BeforeAll
    static void train() throws IOException, InterruptedException {
        photos = PhotoFolder.write(folder.resolve("photos")).root();
        run = folder.resolve("run");
        training =
                command(
                        "train",
                        "--dataset",
                        photos,
                        "--out",
                        run,
                        "--image-size",
                        "12",
                        "--channels",
                        "3",
                        "--max-steps",
                        "2",
                        "--skip-broken");
        assertEquals(0, training.code(), training.err());
    }

    private static TinyRun.Result command(Object... words) {
        List<String> args = new ArrayList<>(Stream.of(words).map(Object::toString).toList());
        args.addAll(List.of("--device", "cpu"));
        return TinyRun.run(args);
    }

    private static List<DataFile> files(Part part) {
        return RunDirectory.files(run).stream().filter(file -> file.part() == part).toList();
    }

    private static List<CSVRecord> rows(Path csv) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        try (Reader reader = Files.newBufferedReader(csv);
                CSVParser parser = CSVParser.parse(reader, format)) {
            return parser.getRecords();
        }
    }

    @Test
    void trainingListsEveryImageAndNamesWhatItPassesOver() {
        assertEquals(PhotoFolder.images(), RunDirectory.files(run).size());
        assertEquals(PhotoFolder.BROKEN, files(null).stream().map(DataFile::name).toList());
        Set<String> classes = Set.copyOf(Checkpoint.read(RunDirectory.best(run)).model().classes());
        assertEquals(PhotoFolder.SMALL_CLASSES + 3 + PhotoFolder.NAMED.size(), classes.size());
        assertTrue(classes.containsAll(PhotoFolder.NAMED), "names beyond ASCII");
        for (Part part : List.of(Part.TRAIN, Part.TEST)) {
            assertEquals(
                    classes,
                    files(part).stream().map(DataFile::category).collect(Collectors.toSet()));
        }
        for (String notice :
                List.of(
                        photos + ": 6 hidden files and folders",
                        photos + ": 1 files are no images",
                        photos + ": 2 links that lead back",
                        "formats/empty.png: empty file",
                        "formats/text.jpg: not an image",
                        "formats/cut.jpg: damaged image",
                        "links/lost.png: cannot be read",
                        photos
                                + ": 4 of %d images cannot be read and are left out"
                                        .formatted(PhotoFolder.images()))) {
            assertTrue(training.err().contains(notice), notice + " in: " + training.err());
        }
        String counts =
                "%d training and %d test images"
                        .formatted(files(Part.TRAIN).size(), files(Part.TEST).size());
        assertTrue(training.out().contains(counts), training.out());
    }

    @Test
    void figuresOfEvaluationFollowFromTheRowsOfEmbed() throws IOException {
        Path json = folder.resolve("figures.json");
        TinyRun.Result evaluated = command("evaluate", run, "--json", json, "--no-metrics");
        assertEquals(0, evaluated.code(), evaluated.err());
        Path csv = folder.resolve("test.csv");
        assertEquals(0, command("embed", run, "--out", csv).code());
        List<CSVRecord> rows = rows(csv);
        JsonNode known = new ObjectMapper().readTree(json.toFile()).get("known");
        assertEquals(files(Part.TEST).size(), rows.size());
        assertEquals(rows.size(), known.get("images").asInt());
        long right = rows.stream().filter(r -> r.get("label").equals(r.get("predicted"))).count();
        assertEquals((double) right / rows.size(), known.get("accuracy").asDouble(), 1e-12);
        Map<String, Long> labels =
                rows.stream()
                        .collect(Collectors.groupingBy(r -> r.get("label"), Collectors.counting()));
        for (JsonNode one : known.get("classes")) {
            assertEquals(labels.get(one.get("name").asText()), one.get("images").asLong());
        }
        assertEquals(
                files(Part.TEST).stream().map(DataFile::category).toList(),
                rows.stream().map(r -> r.get("label")).toList());
    }

    @Test
    void whatShowsTheSameIsTheSameInEveryFormatAndOrientation() throws IOException {
        Path csv = folder.resolve("formats.csv");
        TinyRun.Result embedded = command("embed", run, photos.resolve("formats"), "--out", csv);
        assertEquals(1, embedded.code(), embedded.err());
        assertTrue(embedded.err().contains("3 of 17 images could not be read"), embedded.err());
        Map<String, CSVRecord> byName =
                rows(csv).stream()
                        .collect(
                                Collectors.toMap(
                                        row ->
                                                photos.resolve("formats")
                                                        .relativize(Path.of(row.get("file")))
                                                        .toString(),
                                        row -> row));
        assertEquals(17, byName.size());
        Set<String> features = new HashSet<>();
        for (String name : PhotoFolder.ALIKE) {
            CSVRecord row = byName.get(name);
            assertEquals("formats", row.get("label"), name);
            features.add(row.get("f0") + " " + row.get("f1") + " " + row.get("predicted"));
        }
        assertEquals(1, features.size(), features.toString());
        for (String name : List.of("cmyk.jpg", "ycck.JPG", "web.webp")) {
            assertEquals("", byName.get(name).get("error"), name);
            assertTrue(Float.isFinite(Float.parseFloat(byName.get(name).get("f0"))), name);
        }
        assertEquals("empty file: expected an image", byName.get("empty.png").get("error"));
        Path predictions = folder.resolve("predictions.csv");
        TinyRun.Result predicted =
                command("predict", run, photos.resolve("formats"), "--csv", predictions);
        assertEquals(1, predicted.code(), predicted.err());
        assertEquals(17, rows(predictions).size());
        for (CSVRecord row : rows(predictions)) {
            String name = photos.resolve("formats").relativize(Path.of(row.get("file"))).toString();
            assertEquals(byName.get(name).get("predicted"), row.get("class"), name);
            assertEquals(byName.get(name).get("error"), row.get("error"), name);
        }
    }

    @Test
    void theReportAndTheNextEpochsTakeItAsItIs() throws IOException {
        TinyRun.Result reported = TinyRun.run("report", run.toString());
        assertEquals(0, reported.code(), reported.err());
        assertTrue(Files.size(run.resolve("report.html")) > 10_000);
        TinyRun.Result resumed =
                command("train", "--resume", run, "--max-steps", "3", "--no-report");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().contains("going on after step 2"), resumed.out());
    }
}
