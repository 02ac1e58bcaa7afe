package org.centerloss.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;
import org.centerloss.data.known.Refusal;
import org.centerloss.device.op.Augmentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {
    /** Four classes; image i of a set has two pixels of the value 10 · label + i. */
    private static final Dataset PETS =
            new Dataset(
                    "pets",
                    "made",
                    List.of("ant", "bee", "2", "cat"),
                    Augmentation.NONE,
                    images(0, 1, 2, 3, 2, 1, 0),
                    images(3, 1, 0, 2));

    private static ImageSet images(int... labels) {
        byte[] pixels = new byte[2 * labels.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (10 * labels[i / 2] + i / 2);
        }
        return new ImageSet(1, 1, 2, pixels, labels);
    }

    @Test
    void withoutSomeClassesTheOthersKeepTheirImagesAndCloseRanks() {
        Dataset rest = PETS.without(List.of("bee"));
        assertEquals(List.of("ant", "2", "cat"), rest.classes());
        assertArrayEquals(new int[] {0, 1, 2, 1, 0}, rest.train().labels());
        assertArrayEquals(new byte[] {0, 0, 22, 22, 33, 33, 24, 24, 6, 6}, rest.train().pixels());
        assertArrayEquals(new int[] {2, 0, 1}, rest.test().labels());
        assertArrayEquals(new byte[] {30, 30, 2, 2, 23, 23}, rest.test().pixels());
        assertEquals("pets", rest.name());
    }

    @Test
    void imagesOfSomeClassesAreLabelledInTheOrderAskedFor() {
        ImageSet chosen = PETS.images(Part.TRAIN, List.of("cat", "unseen", "bee"));
        assertArrayEquals(new int[] {2, 0, 2}, chosen.labels());
        assertArrayEquals(new byte[] {11, 11, 33, 33, 15, 15}, chosen.pixels());
        assertEquals(
                List.of("2", "ant"), sorted(PETS.classesBeside(Part.TRAIN, List.of("bee", "cat"))));
        assertEquals(0, PETS.images(Part.TEST, List.of("unseen")).count());
        assertSame(PETS, PETS.without(List.of()));
        Refusal.of(() -> PETS.images(Part.VALIDATION), "made: expected validation images");
    }

    private static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }

    @Test
    void aClassIsCalledByItsNameOrElseItsNumber() {
        assertEquals(
                List.of("cat", "ant", "2"), PETS.classesCalled(List.of("3", "ant", "2", "cat")));
    }

    @Test
    void unknownClassesAreRefusedWithTheNearestName() {
        Refusal.of(
                () -> PETS.classesCalled(List.of("act")),
                "expected classes of pets (ant, bee, 2, cat) or their numbers from 0 to 3",
                "found act (did you mean ant?)");
        Refusal.of(() -> PETS.classesCalled(List.of("4")), "found 4");
        Refusal.of(() -> PETS.classesCalled(List.of("")), "found ''");
        Refusal.of(() -> PETS.without(List.of("dog")), "pets: expected a class dog");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"short ", "a rather long name of a class with many words in it, number "})
    void messagesAboutManyClassesStayShort(String name) {
        List<String> names = IntStream.range(0, 1200).mapToObj(i -> name + i).toList();
        ImageSet first = images(0);
        Dataset many = new Dataset("many", "made", names, Augmentation.NONE, first, first);
        for (Executable refused :
                List.<Executable>of(
                        () -> many.classesCalled(List.of("dog")),
                        () -> many.without(List.of("dog")),
                        () -> many.without(names),
                        () -> many.without(names.subList(0, 1)),
                        () -> many.without(names.subList(1, 1200)))) {
            String message = assertThrows(InputException.class, refused).getMessage();
            assertTrue(message.length() <= 1000, message);
        }
    }

    @Test
    void fewerThanTwoClassesOrNoImagesAreTooFewToTrainOn() {
        Refusal.of(
                () -> PETS.without(List.of("ant", "bee", "cat")),
                "at least 2 classes without ant, bee, cat",
                "found 1");
        Dataset unseen =
                new Dataset(
                        "pets",
                        "made",
                        PETS.classes(),
                        Augmentation.NONE,
                        images(0, 1, 2, 3),
                        images(0, 1));
        Refusal.of(
                () -> unseen.without(List.of("ant", "bee")),
                "made: expected test images of 2, cat",
                "found none");
    }
}
