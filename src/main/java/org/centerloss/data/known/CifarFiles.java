package org.centerloss.data.known;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.centerloss.data.Dataset;

/**
 * The binary version of CIFAR-10 or CIFAR-100: files of training images, a file of test images and
 * one of class names; in a folder, or in the archive as it is published (.tar.gz or .tar).
 *
 * @param stem what the names of folder and archives begin with
 * @param folder the folder in the archive
 * @param training the names of the files of training images, in their order
 * @param test the name of the file of test images
 * @param classNames the name of the file of class names
 * @param labelBytes labels in front of each image
 * @param label which of them is meant
 * @param maxImages images in the largest file
 * @param otherFolders folders of the versions for Python and MATLAB
 */
public record CifarFiles(
        String stem,
        String folder,
        List<String> training,
        String test,
        String classNames,
        int labelBytes,
        int label,
        int maxImages,
        List<String> otherFolders)
        implements DatasetLayout {
    public static final CifarFiles TEN =
            new CifarFiles(
                    "cifar-10",
                    "cifar-10-batches-bin",
                    List.of(
                            "data_batch_1.bin",
                            "data_batch_2.bin",
                            "data_batch_3.bin",
                            "data_batch_4.bin",
                            "data_batch_5.bin"),
                    Cifar.TEN_TEST_FILE,
                    "batches.meta.txt",
                    1,
                    0,
                    10_000,
                    List.of("cifar-10-batches-py", "cifar-10-batches-mat"));

    /** By its 100 classes. */
    public static final CifarFiles HUNDRED = hundred("fine_label_names.txt", 1);

    /** By the 20 groups of its classes. */
    static final CifarFiles HUNDRED_COARSE = hundred("coarse_label_names.txt", 0);

    private static CifarFiles hundred(String classNames, int label) {
        return new CifarFiles(
                "cifar-100",
                "cifar-100-binary",
                List.of("train.bin"),
                "test.bin",
                classNames,
                2,
                label,
                50_000,
                List.of("cifar-100-python", "cifar-100-matlab"));
    }

    /** The archive's name as it is published. */
    public String archive() {
        return stem + "-binary.tar.gz";
    }

    @Override
    public String wanted() {
        return folder + " or " + archive();
    }

    @Override
    public Optional<Path> find(Path place) {
        Stream<Path> folders =
                Stream.of(place.resolve(folder), place)
                        .filter(f -> Files.isRegularFile(f.resolve(training.get(0))));
        Stream<Path> archives = Stream.of(place.resolve(archive())).filter(Files::isRegularFile);
        return Stream.concat(folders, archives).findFirst();
    }

    @Override
    public String remark(Path place) {
        return Stream.concat(
                        otherFolders.stream(),
                        Stream.of(stem + "-python.tar.gz", stem + "-matlab.tar.gz"))
                .filter(name -> Files.exists(place.resolve(name)))
                .map(name -> "with " + otherVersion(name))
                .findFirst()
                .orElse("");
    }

    /** Says of a path of the version for Python or MATLAB what it is, and what is needed. */
    String otherVersion(String path) {
        return "%s, the version for %s: the binary version is needed, %s"
                .formatted(path, path.contains("-mat") ? "MATLAB" : "Python", archive());
    }

    @Override
    public Dataset read(KnownDataset known, Path found, PublishedFiles published) {
        if (!Files.isDirectory(found) && known.checksum(archive()) != null) {
            published.requirePacked(archive(), found);
            return Cifar.read(known, this, found, (file, in) -> {});
        }
        return Cifar.read(known, this, found, published::requireContent);
    }
}
