package org.centerloss.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.centerloss.device.Augmentation;

/** The data sets that are known by name: their classes, augmentation and checksums. */
public enum KnownDataset {
    MNIST(
            "mnist",
            List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
            new Augmentation(false, 5, 0),
            Map.of(
                    Names.TRAIN_IMAGES,
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    Names.TRAIN_LABELS,
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    Names.TEST_IMAGES,
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    Names.TEST_LABELS,
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
    FASHION_MNIST(
            "fashion-mnist",
            Names.CLOTHES,
            new Augmentation(true, 5, 0),
            Map.of(
                    Names.TRAIN_IMAGES,
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                    Names.TRAIN_LABELS,
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                    Names.TEST_IMAGES,
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                    Names.TEST_LABELS,
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")),
    CIFAR_10(
            "cifar-10",
            List.of(
                    "airplane",
                    "automobile",
                    "bird",
                    "cat",
                    "deer",
                    "dog",
                    "frog",
                    "horse",
                    "ship",
                    "truck"),
            new Augmentation(true, 0, 4),
            Map.of(
                    "data_batch_1.bin",
                    "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
                    "data_batch_2.bin",
                    "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
                    "data_batch_3.bin",
                    "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
                    "data_batch_4.bin",
                    "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
                    "data_batch_5.bin",
                    "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
                    Names.CIFAR_TEST,
                    "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")),
    /** The subset of Fashion-MNIST that is part of the program. */
    FASHION_MINI(
            "fashion-mini",
            Names.CLOTHES,
            new Augmentation(true, 5, 0),
            Map.of(
                    Names.TRAIN_IMAGES,
                    "4386680a52bae55d6c5abb208c99a47156f70d0106da81f6f54d66f9f844717d",
                    Names.TRAIN_LABELS,
                    "1b654ff03dd7a0ab3eccef82e150e597545c1b92af5f61d6587d75f108177c35",
                    Names.TEST_IMAGES,
                    "ef134912b55e90859198d58e5da8f61f6eb79908a7e0e78861ffcaecb5851b64",
                    Names.TEST_LABELS,
                    "0e3c12136dafca85d6e7815279b083a8e06f6d8252a25b3eed2970e628f70ac1"));

    /** Constants that the values above share. */
    static final class Names {
        static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
        static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
        static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
        static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
        static final String CIFAR_TEST = "test_batch.bin";

        private static final List<String> CLOTHES =
                List.of(
                        "T-shirt/top",
                        "Trouser",
                        "Pullover",
                        "Dress",
                        "Coat",
                        "Sandal",
                        "Shirt",
                        "Sneaker",
                        "Bag",
                        "Ankle boot");

        private Names() {}
    }

    private final String label;
    private final List<String> classes;
    private final Augmentation augmentation;
    private final Map<String, String> checksums;

    KnownDataset(
            String label,
            List<String> classes,
            Augmentation augmentation,
            Map<String, String> checksums) {
        this.label = label;
        this.classes = classes;
        this.augmentation = augmentation;
        this.checksums = checksums;
    }

    /** The name as a user writes it: {@code fashion-mnist}. */
    public String label() {
        return label;
    }

    public List<String> classes() {
        return classes;
    }

    /** The changes that the reference makes to its training images. */
    public Augmentation augmentation() {
        return augmentation;
    }

    /** SHA-256 of a file's decompressed content, by the file's name without {@code .gz}. */
    String checksum(String file) {
        return checksums.get(file);
    }

    /** Whether one of its files has this SHA-256. */
    boolean hasChecksum(String sha256) {
        return checksums.containsValue(sha256);
    }

    /** The data set of this name. */
    public static Optional<KnownDataset> of(String label) {
        return Arrays.stream(values()).filter(known -> known.label.equals(label)).findFirst();
    }
}
