package org.centerloss.data.known;

import java.util.List;
import java.util.stream.IntStream;

/** The class names of the known data sets, in the order of their labels. */
final class ClassNames {
    static final List<String> DIGITS = characters("0123456789");

    static final List<String> CLOTHES =
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

    static final List<String> HIRAGANA = words("o ki su tsu na ha ma ya re wo");

    /** As in EMNIST's mappings: upper before lower case. */
    static final List<String> CHARACTERS =
            characters("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /** The same with upper and lower case as one where they look alike. */
    static final List<String> MERGED_CHARACTERS =
            characters("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt");

    static final List<String> LETTERS = characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    static final List<String> CIFAR_10 =
            words("airplane automobile bird cat deer dog frog horse ship truck");

    static final List<String> CIFAR_100 =
            words(
                    "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy"
                            + " bridge bus butterfly camel can castle caterpillar cattle chair"
                            + " chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur"
                            + " dolphin elephant flatfish forest fox girl hamster house kangaroo"
                            + " keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree"
                            + " motorcycle mountain mouse mushroom oak_tree orange orchid otter"
                            + " palm_tree pear pickup_truck pine_tree plain plate poppy porcupine"
                            + " possum rabbit raccoon ray road rocket rose sea seal shark shrew"
                            + " skunk skyscraper snail snake spider squirrel streetcar sunflower"
                            + " sweet_pepper table tank telephone television tiger tractor train"
                            + " trout tulip turtle wardrobe whale willow_tree wolf woman worm");

    static final List<String> CIFAR_100_COARSE =
            words(
                    "aquatic_mammals fish flowers food_containers fruit_and_vegetables"
                            + " household_electrical_devices household_furniture insects"
                            + " large_carnivores large_man-made_outdoor_things"
                            + " large_natural_outdoor_scenes large_omnivores_and_herbivores"
                            + " medium_mammals non-insect_invertebrates people reptiles"
                            + " small_mammals trees vehicles_1 vehicles_2");

    private ClassNames() {}

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    private static List<String> characters(String text) {
        return IntStream.range(0, text.length()).mapToObj(i -> text.substring(i, i + 1)).toList();
    }
}
