/** Cases of single operations, with their awkward shapes and random inputs. */
package org.centerloss.verify.op;
