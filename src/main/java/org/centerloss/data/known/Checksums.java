package org.centerloss.data.known;

import java.util.Map;

/**
 * The published SHA-256 of the known data sets' files, in hexadecimal: of the content, or of the
 * file as it is packed where its name says {@code .gz} or {@code .zip}. Sources: for packed files
 * and SVHN the checksums of TensorFlow Datasets, else computed from the published files.
 */
final class Checksums {
    static final Map<String, String> MNIST =
            Map.of(
                    "train-images-idx3-ubyte",
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    "train-labels-idx1-ubyte",
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    "t10k-images-idx3-ubyte",
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    "t10k-labels-idx1-ubyte",
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    static final Map<String, String> FASHION_MNIST =
            Map.of(
                    "train-images-idx3-ubyte",
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                    "train-labels-idx1-ubyte",
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                    "t10k-images-idx3-ubyte",
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                    "t10k-labels-idx1-ubyte",
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");

    static final Map<String, String> CIFAR_10 =
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
                    Cifar.TEN_TEST_FILE,
                    "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b");

    static final Map<String, String> FASHION_MINI =
            Map.of(
                    "train-images-idx3-ubyte",
                    "4386680a52bae55d6c5abb208c99a47156f70d0106da81f6f54d66f9f844717d",
                    "train-labels-idx1-ubyte",
                    "1b654ff03dd7a0ab3eccef82e150e597545c1b92af5f61d6587d75f108177c35",
                    "t10k-images-idx3-ubyte",
                    "ef134912b55e90859198d58e5da8f61f6eb79908a7e0e78861ffcaecb5851b64",
                    "t10k-labels-idx1-ubyte",
                    "0e3c12136dafca85d6e7815279b083a8e06f6d8252a25b3eed2970e628f70ac1");

    static final Map<String, String> KMNIST =
            Map.of(
                    "train-images-idx3-ubyte.gz",
                    "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
                    "train-labels-idx1-ubyte.gz",
                    "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
                    "t10k-images-idx3-ubyte.gz",
                    "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
                    "t10k-labels-idx1-ubyte.gz",
                    "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c");

    static final Map<String, String> EMNIST =
            Map.of(
                    IdxFiles.EMNIST_ARCHIVE,
                    "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e");

    static final Map<String, String> CIFAR_100 =
            Map.of(
                    CifarFiles.HUNDRED.archive(),
                    "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec");

    static final Map<String, String> SVHN =
            Map.of(
                    SvhnFiles.TRAIN,
                    "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8",
                    SvhnFiles.TEST,
                    "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b");

    private Checksums() {}
}
