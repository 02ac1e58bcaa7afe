package org.centerloss.fuzz;

import java.util.Random;

/** A way of damaging the content of a file. */
public interface Mutator {
    /**
     * A damaged copy; rarely one that is equal.
     *
     * @param content what is whole
     * @param random where every choice comes from
     */
    byte[] mutate(byte[] content, Random random);

    /** This way, and in some cases another. */
    default Mutator orRarely(Mutator other) {
        return (content, random) -> (random.nextInt(5) == 0 ? other : this).mutate(content, random);
    }
}
