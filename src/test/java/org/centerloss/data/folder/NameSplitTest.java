package org.centerloss.data.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.data.Part;
import org.centerloss.data.image.ImageFile;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;

class NameSplitTest {
    private static final List<String> CLASSES = List.of("ants", "bees");

    private static List<ImageFile> files(int label, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> CLASSES.get(label) + "/" + i + ".png")
                .map(name -> new ImageFile(Path.of(name), name, CLASSES.get(label), Part.TRAIN))
                .toList();
    }

    private static List<ImageFile> both(int ants, int bees) {
        List<ImageFile> all = new ArrayList<>(files(0, ants));
        all.addAll(files(1, bees));
        return all;
    }

    private static List<String> names(List<ImageFile> files, Part part) {
        return files.stream().filter(f -> f.part() == part).map(ImageFile::name).toList();
    }

    @Test
    void theDrawIsTheDigestOfSeedAndName() throws Exception {
        byte[] name = "caf\u00e9/1.png".getBytes(StandardCharsets.UTF_8);
        byte[] content = ByteBuffer.allocate(8 + name.length).putLong(-7).put(name).array();
        ByteBuffer digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content));
        for (int offset : new int[] {0, 8}) {
            double expected = (digest.getLong(offset) >>> 11) / (double) (1L << 53);
            assertEquals(expected, NameSplit.draw(-7, "caf\u00e9/1.png", offset));
        }
    }

    @Test
    void theSplitOfSeedZeroIsPinned() {
        List<ImageFile> split = NameSplit.keepTest(both(8, 8), 0, 0.2);
        assertEquals(
                List.of("ants/0.png", "ants/3.png", "ants/6.png", "bees/4.png"),
                names(split, Part.TEST));
        assertEquals(
                List.of("ants/1.png", "ants/5.png", "ants/7.png", "bees/7.png"),
                names(NameSplit.keepValidation(split, 0, 0.25), Part.VALIDATION));
    }

    @Test
    void aFilesPlaceFollowsFromItsNameAlone() {
        List<ImageFile> few = both(40, 40);
        List<ImageFile> many = both(80, 50);
        List<String> before = names(NameSplit.keepTest(few, 3, 0.2), Part.TEST);
        List<String> after = names(NameSplit.keepTest(many, 3, 0.2), Part.TEST);
        List<String> known = few.stream().map(ImageFile::name).toList();
        assertEquals(before, after.stream().filter(known::contains).toList());
        assertNotEquals(before, names(NameSplit.keepTest(few, 4, 0.2), Part.TEST));
    }

    @Test
    void eachClassKeepsItsShareAsFarAsChanceAllows() {
        List<ImageFile> split = NameSplit.keepTest(both(1000, 4000), 0, 0.2);
        List<ImageFile> all = NameSplit.keepValidation(split, 0, 0.25);
        for (int label = 0; label < 2; label++) {
            String own = CLASSES.get(label);
            List<ImageFile> ofClass = all.stream().filter(f -> f.category().equals(own)).toList();
            // Both are binomial: five standard deviations around a fifth of the images.
            double spread = 5 * Math.sqrt(0.2 * 0.8 * ofClass.size());
            for (Part part : List.of(Part.TEST, Part.VALIDATION)) {
                assertEquals(0.2 * ofClass.size(), names(ofClass, part).size(), spread);
            }
        }
    }

    @Test
    void aClassThatChanceLeavesWithoutHasTheLowestDrawForTheTestOrTheHighestForTraining() {
        List<ImageFile> files = both(3, 3);
        Comparator<ImageFile> byDraw =
                Comparator.comparingDouble(f -> NameSplit.draw(0, f.name(), 0));
        List<ImageFile> fewest = NameSplit.keepTest(files, 0, 1e-12);
        List<ImageFile> most = NameSplit.keepTest(files, 0, 1 - 1e-12);
        for (int label = 0; label < 2; label++) {
            List<ImageFile> ofClass = files(label, 3);
            String lowest = ofClass.stream().min(byDraw).orElseThrow().name();
            String highest = ofClass.stream().max(byDraw).orElseThrow().name();
            assertEquals(lowest, names(fewest, Part.TEST).get(label));
            assertEquals(highest, names(most, Part.TRAIN).get(label));
        }
        assertEquals(2, names(fewest, Part.TEST).size());
        assertEquals(2, names(most, Part.TRAIN).size());
    }

    @Test
    void theOnlyTrainingImageOfAClassStays() {
        List<ImageFile> split = NameSplit.keepTest(both(2, 2), 0, 0.5);
        assertTrue(names(NameSplit.keepValidation(split, 0, 0.9), Part.VALIDATION).isEmpty());
    }

    @Test
    void aClassOfOneImageAndAFractionThatIsNoneAreRefused() {
        Refusal.of(
                () -> NameSplit.keepTest(both(3, 1), 0, 0.2),
                "class bees",
                "at least 2 images",
                "found 1");
        for (double fraction : new double[] {0, 1, -0.5, 2, Double.NaN}) {
            Refusal.of(
                    () -> NameSplit.keepTest(both(3, 3), 0, fraction),
                    "--test-fraction",
                    "between 0 and 1",
                    "found " + fraction);
        }
        for (double fraction : new double[] {1, -0.5, 2, Double.NaN}) {
            Refusal.of(
                    () -> ImageOptions.AS_THEY_ARE.withValidationFraction(fraction),
                    "--validation-fraction",
                    "found " + fraction);
        }
    }
}
