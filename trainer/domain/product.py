"""Products: what they are sorted into."""

from enum import StrEnum


class ProductCategory(StrEnum):
    FRUIT = "fruit"
    VEGETABLES = "vegetables"
    GRAIN_AND_OIL = "grain_and_oil"
    MEAT_AND_EGGS = "meat_and_eggs"
    DRIED_GOODS = "dried_goods"
    TEA_AND_HERBS = "tea_and_herbs"
    PREPARED_FOOD = "prepared_food"
    HANDICRAFT = "handicraft"
    CLOTHING = "clothing"
    OTHER = "other"
